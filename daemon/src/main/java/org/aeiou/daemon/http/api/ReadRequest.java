package org.aeiou.daemon.http.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.google.common.primitives.Longs;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.aeiou.daemon.http.json.CellJson;
import org.eclipse.jetty.util.Fields;

/**
 * What is to be read.
 *
 * @param paths in the order of the answer; of a table, its {@code .json}
 * @param deadlineMillis when the answer is wanted, from now; 0 for when all is there
 * @param isCached whether only what is cached is wanted
 */
record ReadRequest(List<String> paths, long deadlineMillis, boolean isCached) {
  static final int MOST_PATHS = 10_000;
  private static final int LONGEST_PATH = 2048;
  private static final long LONGEST_MILLIS = 60_000;

  /** It cannot be understood. The message says what was expected. */
  static final class NoReadRequestException extends Exception {
    private static final long serialVersionUID = 1;

    NoReadRequestException(String message) {
      super(message);
    }
  }

  static ReadRequest of(Fields query) throws NoReadRequestException {
    List<String> paths = new ArrayList<>();
    for (String path : query.getValuesOrEmpty("path")) {
      add(paths, path);
    }
    for (String table : query.getValuesOrEmpty("table")) {
      add(paths, ofTable(table));
    }
    String deadline = query.getValue("deadline_ms");
    Long millis = deadline == null ? Long.valueOf(0) : Longs.tryParse(deadline);
    String cached = query.getValue("cached");
    boolean isCached = cached != null && !cached.equals("false");
    return checked(paths, millis == null ? -1 : millis, isCached);
  }

  static ReadRequest of(byte[] body) throws NoReadRequestException {
    List<String> paths = new ArrayList<>();
    long deadline = 0;
    boolean isCached = false;
    try (JsonParser json = CellJson.JSON.createParser(body)) {
      expect(json.nextToken() == JsonToken.START_OBJECT, "the body", "an object");
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String key = json.currentName();
        JsonToken value = json.nextToken();
        switch (key) {
          case "paths", "tables" -> readPaths(json, key, paths);
          case "deadline_ms" -> {
            expect(value == JsonToken.VALUE_NUMBER_INT, key, "a number of milliseconds");
            deadline = json.getLongValue();
          }
          case "cached" -> {
            expect(value.isBoolean(), key, "true or false");
            isCached = json.getBooleanValue();
          }
          default ->
              throw new NoReadRequestException(
                  "'"
                      + shortened(key)
                      + "': no such key; there are paths, tables, deadline_ms and cached");
        }
      }
      expect(json.nextToken() == null, "the body", "one object and nothing behind it");
    } catch (JsonProcessingException e) {
      throw new NoReadRequestException("the body is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new UncheckedIOException(e); // never: it is read from memory
    }
    return checked(paths, deadline, isCached);
  }

  private static void readPaths(JsonParser json, String key, List<String> paths)
      throws IOException, NoReadRequestException {
    expect(json.currentToken() == JsonToken.START_ARRAY, key, "an array of paths");
    while (json.nextToken() != JsonToken.END_ARRAY) {
      expect(json.currentToken() == JsonToken.VALUE_STRING, key, "an array of paths");
      add(paths, key.equals("tables") ? ofTable(json.getText()) : json.getText());
    }
  }

  private static ReadRequest checked(List<String> paths, long deadline, boolean isCached)
      throws NoReadRequestException {
    expect(!paths.isEmpty(), "path", "at least one, as in ?path=core1/system/sysName");
    expect(
        deadline >= 0 && deadline <= LONGEST_MILLIS,
        "deadline_ms",
        "a number of milliseconds up to " + LONGEST_MILLIS);
    return new ReadRequest(paths, deadline, isCached);
  }

  private static String ofTable(String path) {
    return path.endsWith("/") ? path + ".json" : path + "/.json";
  }

  private static void add(List<String> paths, String path) throws NoReadRequestException {
    if (path.length() > LONGEST_PATH) {
      throw new NoReadRequestException(
          "'" + shortened(path) + "' has more than " + LONGEST_PATH + " characters");
    }
    if (paths.size() == MOST_PATHS) {
      throw new NoReadRequestException(
          "more than " + MOST_PATHS + " paths in a request; ask in parts");
    }
    paths.add(path);
  }

  private static void expect(boolean isSo, String what, String expected)
      throws NoReadRequestException {
    if (!isSo) {
      throw new NoReadRequestException(what + ": expected " + expected);
    }
  }

  private static String shortened(String text) {
    return text.length() <= 40 ? text : text.substring(0, 40) + "…";
  }
}
