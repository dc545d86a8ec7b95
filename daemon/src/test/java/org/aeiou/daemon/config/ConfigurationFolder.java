package org.aeiou.daemon.config;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.app.Backends;
import org.aeiou.daemon.backend.BackendFactory;
import org.aeiou.daemon.backend.snmp.SnmpSettings;

/** A folder with a configuration in it, and an environment, for one test. */
final class ConfigurationFolder {
  private final Path folder;
  private final Map<String, String> environment;
  private final Map<String, BackendFactory> backends;

  ConfigurationFolder(Path folder, Map<String, String> environment) {
    this(folder, environment, Backends.ALL);
  }

  ConfigurationFolder(
      Path folder, Map<String, String> environment, Map<String, BackendFactory> backends) {
    this.folder = folder;
    this.environment = environment;
    this.backends = backends;
  }

  Path file() {
    return folder.resolve("net.yaml");
  }

  /** What the text means; it has no errors. */
  Configuration read(String text) throws IOException, ConfigurationException {
    Files.writeString(file(), text);
    return ConfigurationReader.read(file(), environment, backends);
  }

  /** How a system is asked, which it is by SNMP. */
  static SnmpSettings snmp(Configuration.SystemConfiguration system) {
    return (SnmpSettings) system.settings();
  }

  /** What is wrong with the text, without the folder. */
  List<String> errors(String text) throws IOException {
    return errors(text.getBytes(UTF_8));
  }

  List<String> errors(byte[] octets) throws IOException {
    Files.write(file(), octets);
    ConfigurationException thrown =
        catchThrowableOfType(
            ConfigurationException.class,
            () -> ConfigurationReader.read(file(), environment, backends));
    return thrown == null
        ? List.of()
        : thrown.errors().stream().map(error -> error.replace(folder + "/", "")).toList();
  }
}
