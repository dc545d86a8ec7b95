package org.aeiou.daemon.catalogue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A place in a catalogue file: a text, a list or a map, and where it was written.
 *
 * <p>Files are merged as trees of these before anybody asks what they mean; so a user's file can
 * change one key of one attribute, and what is wrong with the result is reported where it was
 * written.
 */
final class Entry {
  private final Entry parent;
  private final String key;
  private final String file;
  private final int line;
  private final String text;
  private final List<Entry> list;
  private final Map<String, Entry> map;

  private Entry(
      Entry parent,
      String key,
      String file,
      int line,
      String text,
      List<Entry> list,
      Map<String, Entry> map) {
    this.parent = parent;
    this.key = key;
    this.file = file;
    this.line = line;
    this.text = text;
    this.list = list;
    this.map = map;
  }

  static Entry ofText(Entry parent, String key, String file, int line, String text) {
    return new Entry(parent, key, file, line, text, null, null);
  }

  static Entry ofList(Entry parent, String key, String file, int line, List<Entry> list) {
    return new Entry(parent, key, file, line, null, list, null);
  }

  static Entry ofMap(Entry parent, String key, String file, int line) {
    return new Entry(parent, key, file, line, null, null, new LinkedHashMap<>());
  }

  /** The text, or null if this is a list or a map. */
  String text() {
    return text;
  }

  /** What is in the list, or null if this is a text or a map. */
  List<Entry> list() {
    return list;
  }

  /** What is in the map, in the order written, or null if this is a text or a list. */
  Map<String, Entry> map() {
    return map;
  }

  String key() {
    return key;
  }

  String kind() {
    return map != null ? "a map" : list != null ? "a list" : "a text";
  }

  /** The keys from the top of the file to here: {@code groups.system.scalars.sysName.ttl}. */
  String path() {
    if (parent == null) {
      return "";
    }
    String above = parent.path();
    return above.isEmpty() ? key : above + "." + key;
  }

  /** {@code file:line: path}, as messages begin. */
  String place() {
    String path = path();
    return file + ":" + line + (path.isEmpty() ? "" : ": " + path);
  }

  /**
   * Lays {@code later} over this map: its maps are merged into the maps of the same key, everything
   * else replaces what was here. An {@code index} is replaced too, for its order is its meaning.
   */
  void mergeFrom(Entry later) {
    later.map.forEach(
        (name, theirs) -> {
          Entry ours = map.get(name);
          if (ours != null && ours.map != null && theirs.map != null && !name.equals("index")) {
            ours.mergeFrom(theirs);
          } else {
            map.put(name, theirs);
          }
        });
  }
}
