package org.aeiou.daemon.simulator;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.snmp4j.PDU;
import org.snmp4j.smi.Null;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.SMIConstants;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/**
 * Answers one PDU as a {@link Hostility} has it. The rows it makes up have numbers from {@link
 * #FIRST} on, so that it knows them again without remembering anything.
 */
final class HostileResponder {
  private static final int FIRST = 1_000_000;
  private static final int ROWS = 100;
  private static final int MANY_PARTS = 100;
  private static final int[] OTHER_TABLE = {1, 3, 6, 1, 2, 1, 4, 20, 1, 1};
  private static final OctetString HUGE = new OctetString("x".repeat(60_000));

  private final Hostility hostility;
  private final PDU request;
  private final PDU response;
  private int room;

  private HostileResponder(Hostility hostility, PDU request, PDU response, int room) {
    this.hostility = hostility;
    this.request = request;
    this.response = response;
    this.room = room;
  }

  /**
   * Spoils what {@link Responder} answered, or puts something else in its place.
   *
   * @param response an honest one
   * @param room octets that the variable bindings may take
   */
  static void answer(Hostility hostility, PDU request, PDU response, int room) {
    new HostileResponder(hostility, request, response, room).answer();
  }

  private void answer() {
    switch (hostility) {
      case TOO_BIG -> error(PDU.tooBig);
      case GEN_ERR -> error(PDU.genErr);
      case HUGE_VALUES -> enlarge();
      case FLOOD, OTHER_PORT -> {}
      default -> {
        if (request.getType() == PDU.GET) {
          get();
        } else if (request.getType() != PDU.SET) {
          rows();
        }
      }
    }
  }

  private void error(int status) {
    response.setVariableBindings(request.getVariableBindings());
    response.setErrorStatus(status);
    response.setErrorIndex(status == PDU.tooBig ? 0 : 1);
  }

  private void enlarge() {
    for (VariableBinding binding : response.getVariableBindings()) {
      if (binding.getSyntax() == SMIConstants.SYNTAX_OCTET_STRING) {
        binding.setVariable(HUGE);
        // One is as much as fits into a message.
        response.setVariableBindings(response.getVariableBindings().subList(0, 1));
        response.set(0, binding);
        return;
      }
    }
  }

  /** The rows that it made up can be read. */
  private void get() {
    for (VariableBinding binding : response.getVariableBindings()) {
      if (isOwn(binding.getOid().getValue()) && binding.isException()) {
        binding.setVariable(value(binding.getOid().getValue()));
      }
    }
  }

  private void rows() {
    response.setVariableBindings(List.of());
    response.setErrorStatus(PDU.noError);
    response.setErrorIndex(0);
    int[][] names = new int[request.size()][];
    Arrays.setAll(names, i -> request.get(i).getOid().getValue());
    int times = request.getType() == PDU.GETBULK ? request.getMaxRepetitions() : 1;
    times =
        switch (hostility) {
          case TRICKLE, SLOW -> 1;
          case MORE_THAN_ASKED -> Integer.MAX_VALUE;
          default -> times;
        };
    for (int time = 0; time < times; time++) {
      for (int i = 0; i < names.length; i++) {
        int[] next = next(names[i], time);
        Variable value = next == null ? Null.endOfMibView : value(next);
        VariableBinding binding = new VariableBinding(new OID(next == null ? names[i] : next));
        binding.setVariable(value);
        room -= binding.getBERLength();
        if (room < 0) {
          return;
        }
        response.add(binding);
        names[i] = next == null ? names[i] : next;
      }
    }
  }

  private static boolean isOwn(int[] name) {
    return name[name.length - 1] >= FIRST;
  }

  /** What comes after {@code name}; null at the end. */
  private int[] next(int[] name, int time) {
    boolean own = isOwn(name);
    int row = own ? name[name.length - 1] - FIRST : -1;
    return switch (hostility) {
      case SAME_OBJECT -> name;
      case DECREASING -> own ? row(name, Math.max(0, row - 1)) : with(name, Integer.MAX_VALUE);
      case CIRCLE -> own ? row(name, (row + 1) % ROWS) : with(name, FIRST);
      case RANDOM_ORDER -> {
        int any = ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE - FIRST);
        yield own ? row(name, any) : with(name, FIRST + any);
      }
      case OUT_OF_ORDER -> {
        int after = row < 0 ? 0 : row + 2 < ROWS ? row + 2 : row % 2 == 0 ? 1 : ROWS;
        yield after == ROWS ? null : own ? row(name, after) : with(name, FIRST + after);
      }
      case OTHER_TABLE -> with(OTHER_TABLE, FIRST + time);
      case HUGE_INDEX -> own ? row(name, row + 1) : deep(name);
      case TINY_COLUMNS -> {
        int[] column = Arrays.copyOf(name, own ? name.length : name.length + 1);
        column[column.length - 2] += own ? 1 : 0;
        column[column.length - 1] = FIRST;
        yield column;
      }
      default -> own ? row(name, row + 1) : with(name, FIRST);
    };
  }

  private static int[] row(int[] name, int row) {
    int[] other = name.clone();
    other[other.length - 1] = FIRST + row;
    return other;
  }

  private static int[] with(int[] name, int last) {
    int[] longer = Arrays.copyOf(name, name.length + 1);
    longer[name.length] = last;
    return longer;
  }

  private static int[] deep(int[] name) {
    int[] deep = Arrays.copyOf(name, name.length + MANY_PARTS);
    Arrays.fill(deep, name.length, deep.length, Integer.MAX_VALUE);
    deep[deep.length - 1] = FIRST;
    return deep;
  }

  private Variable value(int[] name) {
    return hostility == Hostility.ENDLESS_VALUES
        ? HUGE
        : new OctetString(
            ("row " + (name[name.length - 1] - FIRST)).getBytes(StandardCharsets.US_ASCII));
  }
}
