package org.aeiou.daemon.cluster.codec;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What people want to know besides: texts, numbers, truth values, null, maps and lists of those.
 */
final class FieldCodec {
  private static final int NULL = 0;
  private static final int TEXT = 1;
  private static final int WHOLE = 2;
  private static final int FRACTION = 3;
  private static final int TRUTH = 4;
  private static final int LIST = 5;
  private static final int MAP = 6;

  /** How deep maps and lists may lie in each other. */
  private static final int MOST_DEPTH = 8;

  private FieldCodec() {}

  static void write(Output out, Map<?, ?> fields) {
    out.number(fields.size());
    fields.forEach(
        (name, field) -> {
          out.text(name.toString());
          write(out, field);
        });
  }

  private static void write(Output out, Object field) {
    if (field == null) {
      out.octet(NULL);
    } else if (field instanceof Double || field instanceof Float) {
      out.octet(FRACTION);
      out.number(Double.doubleToLongBits(((Number) field).doubleValue()));
    } else if (field instanceof Number number) {
      out.octet(WHOLE);
      out.signed(number.longValue());
    } else if (field instanceof Boolean truth) {
      out.octet(TRUTH);
      out.flag(truth);
    } else if (field instanceof List<?> list) {
      out.octet(LIST);
      out.number(list.size());
      list.forEach(one -> write(out, one));
    } else if (field instanceof Map<?, ?> map) {
      out.octet(MAP);
      write(out, map);
    } else {
      out.octet(TEXT);
      out.text(field.toString());
    }
  }

  static Map<String, Object> read(Input in) throws MalformedMessage {
    return map(in, MOST_DEPTH);
  }

  private static Object field(Input in, int depth) throws MalformedMessage {
    if (depth == 0) {
      throw new MalformedMessage("has lists in lists in lists");
    }
    int kind = in.octet();
    in.takes(32);
    return switch (kind) {
      case NULL -> null;
      case TEXT -> in.text();
      case WHOLE -> in.signed();
      case FRACTION -> Double.longBitsToDouble(in.number());
      case TRUTH -> in.flag();
      case LIST -> list(in, depth - 1);
      case MAP -> map(in, depth - 1);
      default -> throw new MalformedMessage("has a field of an unknown kind: " + kind);
    };
  }

  private static List<Object> list(Input in, int depth) throws MalformedMessage {
    int count = in.count();
    List<Object> list = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      list.add(field(in, depth));
    }
    return list;
  }

  private static Map<String, Object> map(Input in, int depth) throws MalformedMessage {
    int count = in.count();
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      in.takes(48);
      map.put(in.text(), field(in, depth));
    }
    return map;
  }
}
