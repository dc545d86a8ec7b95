package org.aeiou.daemon.config;

import java.util.Set;
import org.aeiou.daemon.document.Problems;
import org.aeiou.daemon.document.YamlNode;
import org.aeiou.daemon.document.YamlReader;

/** Systems of which another process tells, that is believed in nothing else. */
final class ToldSystems {
  /** Twenty times as many as one daemon is made for. */
  static final int MOST = 200_000;

  /** A system takes less than a hundred; a document that is read, several times its text. */
  static final int MOST_CHARACTERS =
      (int) Math.min(32 << 20, Runtime.getRuntime().maxMemory() / 16);

  private static final Set<String> SAID = Set.of("profiles", "systems");

  private static final String ROOM =
      "; a member that takes its systems from them has room for %d; name those that it is to show"
          + " in its own file";

  private ToldSystems() {}

  /**
   * Lays what is told over a document that names no systems.
   *
   * @param yaml of which all but systems and their profiles is left out
   * @param problems of it
   */
  static void merge(String yaml, YamlNode document, Problems problems) {
    if (yaml.length() > MOST_CHARACTERS) {
      problems.add(
          0,
          "systems",
          ("pollers tell of theirs in %d characters" + ROOM)
              .formatted(yaml.length(), MOST_CHARACTERS));
      return;
    }
    YamlNode told = YamlReader.parse(yaml, problems);
    if (told == null) {
      return;
    }
    told.retain(SAID);
    if (told.map() == null) {
      return;
    }
    YamlNode systems = told.map().get("systems");
    int count = systems == null || systems.map() == null ? 0 : systems.map().size();
    if (count > MOST) {
      problems.add(0, "systems", ("pollers name %d systems" + ROOM).formatted(count, MOST));
      return;
    }
    document.mergeFrom(told, "systems");
  }
}
