package org.aeiou.daemon.cluster.member;

import java.util.HashMap;
import java.util.Map;

/**
 * How a member is, as it says itself: every second, and when it changes.
 *
 * @param sequence counts what the member has said; an older one is dropped
 * @param draining whether it gives its slots away
 * @param leaving whether this is the last that it says
 * @param slots what it owns, by slot
 * @param figures what people may want to know of it, by name, with units in the names
 */
public record MemberState(
    Member member,
    long sequence,
    boolean draining,
    boolean leaving,
    Map<Integer, Epoch> slots,
    Map<String, Long> figures) {
  public MemberState {
    slots = Map.copyOf(slots);
    figures = Map.copyOf(figures);
  }

  /** The same without slots that there are not: it may say that it owns 65 536 of 256. */
  MemberState within(int number) {
    if (slots.keySet().stream().allMatch(slot -> slot >= 0 && slot < number)) {
      return this;
    }
    Map<Integer, Epoch> those = new HashMap<>(slots);
    those.keySet().removeIf(slot -> slot < 0 || slot >= number);
    return new MemberState(member, sequence, draining, leaving, those, figures);
  }
}
