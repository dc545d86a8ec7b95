package org.aeiou.daemon.http.live;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.aeiou.closures.shared.CanonicalPath;
import org.aeiou.daemon.http.json.CellJson;

/**
 * What a stream is to show from now on, as a browser says it: {@code {"cells": [path, …],
 * "systems": true, "events": true}}.
 *
 * @param cells paths, each in its one spelling and once
 * @param systems whether it shows what state systems are in
 * @param events whether it shows what happens
 */
record WatchList(List<String> cells, boolean systems, boolean events) {
  /** Longer paths than this name nothing: a name has 255 octets at most, and few are below. */
  static final int LONGEST_PATH = 2048;

  /** It cannot be understood. The message says what was expected. */
  static final class NoWatchListException extends Exception {
    private static final long serialVersionUID = 1;

    NoWatchListException(String message) {
      super(message);
    }
  }

  /** Of paths in a query. */
  static WatchList of(List<String> paths, boolean systems, boolean events, int most)
      throws NoWatchListException {
    Set<String> cells = new LinkedHashSet<>();
    for (String path : paths) {
      add(cells, path, most);
    }
    return new WatchList(new ArrayList<>(cells), systems, events);
  }

  /**
   * Of the body of a request.
   *
   * @param most how many paths a stream may show
   */
  static WatchList of(byte[] body, int most) throws NoWatchListException {
    Set<String> cells = new LinkedHashSet<>();
    boolean systems = false;
    boolean events = false;
    try (JsonParser json = CellJson.JSON.createParser(body)) {
      expect(json.nextToken() == JsonToken.START_OBJECT, "the body", "an object");
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String key = json.currentName();
        json.nextToken();
        switch (key) {
          case "cells" -> readPaths(json, cells, most);
          case "systems" -> systems = readFlag(json, key);
          case "events" -> events = readFlag(json, key);
          default ->
              throw new NoWatchListException(
                  "'" + shortened(key) + "': no such key; there are cells, systems and events");
        }
      }
      expect(json.nextToken() == null, "the body", "one object and nothing behind it");
    } catch (JsonProcessingException e) {
      throw new NoWatchListException("the body is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // never: it is read from memory
    }
    return new WatchList(new ArrayList<>(cells), systems, events);
  }

  private static void readPaths(JsonParser json, Set<String> cells, int most)
      throws IOException, NoWatchListException {
    expect(json.currentToken() == JsonToken.START_ARRAY, "cells", "an array of paths");
    while (json.nextToken() != JsonToken.END_ARRAY) {
      expect(json.currentToken() == JsonToken.VALUE_STRING, "cells", "an array of paths");
      add(cells, json.getText(), most);
    }
  }

  private static boolean readFlag(JsonParser json, String key)
      throws IOException, NoWatchListException {
    expect(json.currentToken().isBoolean(), key, "true or false");
    return json.getBooleanValue();
  }

  private static void add(Set<String> cells, String path, int most) throws NoWatchListException {
    if (path.length() > LONGEST_PATH) {
      throw new NoWatchListException(
          "cells: '" + shortened(path) + "' has more than " + LONGEST_PATH + " characters");
    }
    cells.add(CanonicalPath.of(path));
    if (cells.size() > most) {
      throw new NoWatchListException("cells: more than the " + most + " that a stream may show");
    }
  }

  private static void expect(boolean isSo, String what, String expected)
      throws NoWatchListException {
    if (!isSo) {
      throw new NoWatchListException(what + ": expected " + expected);
    }
  }

  private static String shortened(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }
}
