package org.aeiou.daemon.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32;
import org.aeiou.daemon.config.Configuration;

/** Where the socket is that programs attach at. */
final class AttachSocket {
  private AttachSocket() {}

  /**
   * The configured path, or one that is made of the mount point's: below the runtime directory of
   * the user, or {@code /run/aeiou} for root.
   */
  static Path of(Configuration configuration, Path mountPoint, Map<String, String> environment) {
    Path configured = configuration.attach().socket();
    if (configured != null) {
      return configured;
    }
    Path absolute = mountPoint.toAbsolutePath().normalize();
    CRC32 crc = new CRC32();
    crc.update(absolute.toString().getBytes(UTF_8));
    // A socket's path may have 107 bytes, so that the whole mount point does not fit.
    String name = String.format("%08x.sock", crc.getValue());
    return directory(environment).resolve(name);
  }

  private static Path directory(Map<String, String> environment) {
    String runtime = environment.get("XDG_RUNTIME_DIR");
    if (runtime != null && runtime.startsWith("/")) {
      return Path.of(runtime, "aeiou");
    }
    String user = System.getProperty("user.name");
    return user.equals("root")
        ? Path.of("/run/aeiou")
        : Path.of(System.getProperty("java.io.tmpdir"), "aeiou-" + user);
  }
}
