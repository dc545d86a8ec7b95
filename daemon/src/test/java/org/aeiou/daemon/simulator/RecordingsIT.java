package org.aeiou.daemon.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import com.google.common.io.BaseEncoding;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import org.aeiou.daemon.backend.Oid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.Opaque;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/** Recordings of real devices where there are any, else a small one; read back over the wire. */
@Timeout(180)
class RecordingsIT {
  @TempDir Path folder;

  @Test
  void recordingsArePlayedAsTheyWereRecorded() throws IOException {
    Path recordings = recordings();
    try (SimulatedNetwork network =
            SimulatedNetwork.start(
                SimulationOptions.builder()
                    .systems(1)
                    .recordings(recordings)
                    .firstAddress("127.9.3.1")
                    .port(0)
                    .maxMessage(65_507)
                    .build());
        Client client = new Client()) {
      assertThat(network.agents().size()).isGreaterThan(1);
      for (SimulatedAgent agent : network.agents()) {
        if (agent.name().equals("core1")) {
          continue;
        }
        SortedMap<Oid, String> recorded = recorded(recordings.resolve(agent.name() + ".snmprec"));
        SortedMap<Oid, String> walked = new TreeMap<>();
        for (VariableBinding binding : client.walk(agent, 500)) {
          walked.put(Oid.of(binding.getOid().getValue()), text(binding.getVariable()));
        }
        assertThat(walked).isEqualTo(recorded);
      }
    }
  }

  private Path recordings() throws IOException {
    String named = System.getenv("AEIOU_RECORDINGS");
    for (Path place :
        List.of(
            Path.of(named == null ? "" : named),
            Path.of("../shared/recordings"),
            Path.of("../../shared/recordings"))) {
      if (!place.toString().isEmpty() && Files.isDirectory(place)) {
        return place;
      }
    }
    Files.writeString(
        folder.resolve("small.snmprec"),
        """
        1.3.6.1.2.1.1.1.0|4|a device
        1.3.6.1.2.1.1.2.0|6|1.3.6.1.4.1.1
        1.3.6.1.2.1.1.3.0|67|12
        1.3.6.1.2.1.2.2.1.6.1|4x|020000000001
        1.3.6.1.2.1.31.1.1.1.6.1|70|18446744073709551615
        """);
    return folder;
  }

  /** What a file says, in the simplest words: numbers as they are, octets in hexadecimal. */
  private static SortedMap<Oid, String> recorded(Path file) throws IOException {
    SortedMap<Oid, String> all = new TreeMap<>();
    for (String line : Files.readAllLines(file, StandardCharsets.ISO_8859_1)) {
      if (!line.startsWith("#")) {
        List<String> parts = Splitter.on('|').limit(3).splitToList(line);
        all.putIfAbsent(Oid.parse(parts.get(0)), expected(parts.get(1), parts.get(2)));
      }
    }
    return all;
  }

  private static String expected(String tag, String value) {
    return switch (tag) {
      case "4" -> hex(value.getBytes(StandardCharsets.ISO_8859_1));
      case "4x", "68x" -> value.toLowerCase(Locale.ROOT);
      case "64x" ->
          Long.parseLong(value.substring(0, 2), 16)
              + "."
              + Long.parseLong(value.substring(2, 4), 16)
              + "."
              + Long.parseLong(value.substring(4, 6), 16)
              + "."
              + Long.parseLong(value.substring(6, 8), 16);
      case "2:numeric" -> value.substring(value.indexOf("initial=") + 8);
      case "4:writecache" ->
          hex(value.substring("value=".length()).getBytes(StandardCharsets.ISO_8859_1));
      default -> value;
    };
  }

  private static String text(Variable variable) {
    if (variable instanceof Opaque opaque) {
      return hex(opaque.getValue());
    }
    if (variable instanceof OctetString octets) {
      return hex(octets.getValue());
    }
    return variable instanceof org.snmp4j.smi.TimeTicks ticks
        ? Long.toString(ticks.getValue())
        : variable.toString();
  }

  private static String hex(byte[] octets) {
    return BaseEncoding.base16().lowerCase().encode(octets);
  }
}
