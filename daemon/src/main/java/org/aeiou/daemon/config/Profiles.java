package org.aeiou.daemon.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.aeiou.daemon.document.Section;
import org.aeiou.daemon.document.Spelling;
import org.aeiou.daemon.document.Texts;
import org.aeiou.daemon.document.YamlNode;

/**
 * The {@code profiles:} section: named settings, of which a system may have several. A system takes
 * from its profiles what it does not say itself, the last of them first, and the rest from the
 * defaults.
 */
final class Profiles {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}");

  private final Section section;
  private final SystemLayer defaults;

  /** What lists of profiles say together: ten thousand systems have few different ones. */
  private final Map<List<String>, SystemLayer> combined = new HashMap<>();

  private Profiles(Section section, SystemLayer defaults) {
    this.section = section;
    this.defaults = defaults;
    combined.put(List.of(), defaults);
  }

  /** Reads the section; each profile is checked, whether a system has it or not. */
  static Profiles read(Section section, SystemLayer defaults) {
    Profiles profiles = new Profiles(section, defaults);
    for (String name : section.keys()) {
      if (!NAME.matcher(name).matches()) {
        section.problem(
            name,
            "is not a name of a profile; expected letters, digits, '_', '.' and '-', 64 at most");
      }
      profiles.over(defaults, name);
    }
    return profiles;
  }

  /** What the profiles of a system say, over the defaults. */
  SystemLayer of(Section system) {
    List<String> names = new ArrayList<>();
    for (YamlNode name : system.texts("profiles")) {
      if (!section.keys().contains(name.text())) {
        name.problem(
            Texts.quoted(name.text())
                + " is not a profile; "
                + (section.keys().isEmpty()
                    ? "there are none, expected them below 'profiles' at the top"
                    : "expected "
                        + Spelling.meant(name.text(), section.keys())
                        + "a key below 'profiles'"));
      } else if (!names.contains(name.text())) {
        names.add(name.text());
      }
    }
    SystemLayer known = combined.get(names);
    if (known != null) {
      return known;
    }
    SystemLayer layer = defaults;
    for (String name : names) {
      layer = over(layer, name);
    }
    combined.put(names, layer);
    return layer;
  }

  private SystemLayer over(SystemLayer below, String name) {
    Section profile = section.section(name);
    SystemLayer layer = below.with(profile);
    profile.done();
    return layer;
  }
}
