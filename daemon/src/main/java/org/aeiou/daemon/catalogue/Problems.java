package org.aeiou.daemon.catalogue;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.aeiou.daemon.document.Spelling;

/** What is wrong with the files read so far. For one thread. */
final class Problems {
  private final List<String> found = new ArrayList<>();

  void add(String problem) {
    found.add(problem);
  }

  void add(Entry at, String problem) {
    add(at.place() + ": " + problem);
  }

  void throwIfAny() {
    if (!found.isEmpty()) {
      throw new InvalidCatalogueException(found);
    }
  }

  /** The map at {@code key}, or an empty one if there is none or it is no map, which is told. */
  Map<String, Entry> map(Entry in, String key) {
    Entry entry = in.map().get(key);
    return entry == null ? Map.of() : asMap(entry);
  }

  Map<String, Entry> asMap(Entry entry) {
    if (entry.map() == null) {
      add(entry, "expected a map of 'key: value', got " + entry.kind());
      return Map.of();
    }
    return entry.map();
  }

  /** The text at {@code key}, or null if there is none or it is no text, which is told. */
  String text(Entry in, String key) {
    Entry entry = in.map().get(key);
    return entry == null ? null : asText(entry);
  }

  String asText(Entry entry) {
    if (entry.text() == null) {
      add(entry, "expected a text, got " + entry.kind());
    }
    return entry.text();
  }

  /** The texts of the list at {@code key}; a single text counts as a list of one. */
  List<Entry> list(Entry in, String key) {
    Entry entry = in.map().get(key);
    if (entry == null) {
      return List.of();
    }
    if (entry.map() != null) {
      add(entry, "expected a list, got a map");
      return List.of();
    }
    List<Entry> list = entry.list() == null ? List.of(entry) : entry.list();
    for (Entry item : list) {
      if (asText(item) == null) {
        return List.of();
      }
    }
    return list;
  }

  /** Tells of every key of the map {@code in} that is not {@code known}. */
  void unknownKeys(Entry in, Set<String> known) {
    for (Entry entry : in.map().values()) {
      if (!known.contains(entry.key())) {
        add(
            entry,
            "'"
                + entry.key()
                + "' is not known here; expected "
                + meant(entry.key(), known)
                + choice(known.stream().sorted()));
      }
    }
  }

  /** The known word that this may have been meant to be, as the beginning of a {@link #choice}. */
  static String meant(String word, Collection<String> known) {
    String nearest = Spelling.nearest(word, known);
    return nearest == null ? "" : "'" + nearest + "', or one of ";
  }

  /** {@code a, b or c}. */
  static String choice(Stream<String> words) {
    List<String> all = words.toList();
    int last = all.size() - 1;
    return last < 1
        ? String.join("", all)
        : String.join(", ", all.subList(0, last)) + " or " + all.get(last);
  }
}
