package org.aeiou.daemon.backend.snmp;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.backend.snmp.message.MessageCodec;
import org.aeiou.daemon.backend.snmp.message.SnmpCounter;
import org.aeiou.daemon.backend.snmp.walk.WalkLessons;
import org.aeiou.daemon.backend.snmp.walk.WalkProgress;
import org.snmp4j.PDU;
import org.snmp4j.smi.Null;
import org.snmp4j.smi.VariableBinding;

/**
 * Looks for where a walk can go on in two parts: near the middle of what is left, of which nothing
 * is known but that it begins behind one index and may end with another.
 *
 * <p>A GETNEXT of one column asks what follows each of a few indexes that are spread over the rest:
 * evenly between two numbers, by powers of two where there is no end. What is answered are rows,
 * close together where there are many. An agent that does not answer that well is walked as before.
 */
final class SplitQuery implements Query {
  /** An agent that looks for more rows at once leaves its other askers waiting. */
  private static final int MOST_CANDIDATES = 32;

  private static final long MAX_ID = 0xFFFF_FFFFL;

  /** Deeper in an index are octets, or a number that few rows share. */
  private static final int MOST_DEPTHS = 6;

  private final ResponseContext context;
  private final WalkUnderWay underWay;
  private final WalkProgress walk;
  private final Oid root;

  /** Which indexes are asked about, in order. */
  private final List<Oid> asked = new ArrayList<>();

  SplitQuery(
      ResponseContext context, WalkLessons lessons, WalkUnderWay underWay, WalkProgress walk) {
    this.context = context;
    this.underWay = underWay;
    this.walk = walk;
    this.root =
        walk.columns().stream().filter(column -> !column.ended()).findFirst().orElseThrow().root();
    int cells = context.maxResponse() / Math.max(1, walk.cellBytes() * 3 / 2);
    int most = Math.min(MOST_CANDIDATES, Math.min(cells, lessons.limit().cells()));
    int least = 4 * cells / walk.columns().size();
    int room = context.maxRequest();
    for (Oid index : candidates(walk.furthestIndex(), walk.range().to(), most, least)) {
      if (root.length() + index.length() <= Oid.MAX_LENGTH) {
        room -= SmiValues.unset(root.append(index)).getBERLength();
        if (room >= 0) {
          asked.add(index);
        }
      }
    }
  }

  boolean isEmpty() {
    return asked.isEmpty();
  }

  @Override
  public MessageCodec.Request request() {
    return new MessageCodec.Request(
        PDU.GETNEXT, asked.stream().map(index -> SmiValues.unset(root.append(index))).toList(), 1);
  }

  @Override
  public Answer<Value> answer(PDU response, int bytes) {
    List<? extends VariableBinding> bindings = response.getVariableBindings();
    SortedSet<Oid> rows = new TreeSet<>();
    boolean inOrder = response.getErrorStatus() == PDU.noError && bindings.size() == asked.size();
    boolean ended = false;
    for (int i = 0; inOrder && i < asked.size(); i++) {
      Oid found = SmiValues.oid(bindings.get(i).getOid());
      if (Null.isExceptionSyntax(bindings.get(i).getSyntax()) || !found.startsWith(root)) {
        ended = true;
      } else {
        Oid row = found.suffix(root.length());
        inOrder =
            !ended
                && row.compareTo(asked.get(i)) > 0
                && (rows.isEmpty() || row.compareTo(rows.last()) >= 0);
        if (inOrder && walk.canSplitAt(row)) {
          rows.add(row);
        }
      }
    }
    if (!inOrder) {
      underWay.goOnAsOne();
      return goOn();
    }
    Oid middle = middle(walk.furthestIndex(), walk.range().to(), rows);
    return middle == null ? goOn() : split(context, walk, middle);
  }

  private Answer<Value> goOn() {
    return new Answer.Items<>(List.of(new Answer.Item.More<>(walk)));
  }

  /** Lets a walk go on in two parts. */
  static Answer<Value> split(ResponseContext context, WalkProgress walk, Oid index) {
    context.counters().add(SnmpCounter.WALK_SPLIT);
    return new Answer.Items<>(
        List.of(new Answer.Item.Split<>(List.of(walk.upTo(index), walk.behind(index)))));
  }

  @Override
  public Answer<Value> undecodable() {
    underWay.goOnAsOne();
    return goOn();
  }

  /**
   * The indexes to ask about, in order.
   *
   * @param at the last row that is known
   * @param to the end; null: there is none
   * @param most how many indexes
   * @param least how many rows are too few for a part
   */
  private static SortedSet<Oid> candidates(Oid at, Oid to, int most, int least) {
    SortedSet<Oid> all = new TreeSet<>();
    int shallowest = to == null ? 0 : common(at, to);
    int depths = Math.min(MOST_DEPTHS, at.length() - shallowest);
    for (int i = 0; i < depths; i++) {
      // Half for the first number that differs, the rest for those behind it.
      int share = depths == 1 ? most : i == 0 ? most / 2 : most / 2 / (depths - 1);
      int depth = shallowest + i;
      boolean ends = i == 0 && to != null && depth < to.length();
      long from = Integer.toUnsignedLong(at.get(depth));
      long end = ends ? Integer.toUnsignedLong(to.get(depth)) : MAX_ID + 1;
      List<Long> numbers = ends ? evenly(from, end, share) : doubling(from, share, i == 0);
      // Between the last numbers of two indexes there are at most as many rows as they differ by.
      long apart = depth == at.length() - 1 ? least : 1;
      for (long number : numbers) {
        if (number >= from + apart && number <= end - (ends ? apart : 1)) {
          all.add(at.prefix(depth).append((int) number));
        }
      }
    }
    return all;
  }

  private static List<Long> evenly(long from, long end, int share) {
    List<Long> numbers = new ArrayList<>();
    for (int i = 1; i <= share; i++) {
      numbers.add(from + (end - from) * i / (share + 1));
    }
    return numbers;
  }

  private static List<Long> doubling(long from, int share, boolean spread) {
    List<Long> numbers = new ArrayList<>();
    for (int i = 0; i < share && i < Integer.SIZE; i++) {
      int power = spread && share < Integer.SIZE ? i * Integer.SIZE / share : i;
      numbers.add(from + (1L << power));
    }
    return numbers;
  }

  /**
   * The row that is most likely to be near the middle.
   *
   * @param rows those that follow the candidates, in order
   * @return null if there is none
   */
  private static Oid middle(Oid at, Oid to, SortedSet<Oid> rows) {
    if (rows.isEmpty()) {
      return null;
    }
    int shallowest = rows.stream().mapToInt(row -> common(at, row)).min().orElse(0);
    List<Oid> far = select(rows, row -> common(at, row) == shallowest);
    if (far.size() > 1) {
      boolean even = to != null && common(at, to) == shallowest;
      return far.get(even ? far.size() / 2 : far.size() - 2);
    }
    List<Oid> all = List.copyOf(rows);
    return all.get(Math.max(0, all.size() - 2));
  }

  private static List<Oid> select(SortedSet<Oid> rows, Predicate<Oid> which) {
    return rows.stream().filter(which).toList();
  }

  private static int common(Oid a, Oid b) {
    int length = Math.min(a.length(), b.length());
    for (int i = 0; i < length; i++) {
      if (a.get(i) != b.get(i)) {
        return i;
      }
    }
    return length;
  }
}
