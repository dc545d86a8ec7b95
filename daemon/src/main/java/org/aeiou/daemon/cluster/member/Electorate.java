package org.aeiou.daemon.cluster.member;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which members may be given slots: pollers that were heard of lately, do not drain, have systems,
 * and have the configuration that most of those have; in a tie the one of the oldest.
 *
 * @param members by id
 * @param sinceNanos when it became so, by this process' ticker
 */
public record Electorate(List<Member> members, long sinceNanos) {
  public Electorate {
    members = List.copyOf(members);
  }

  static Electorate of(List<Member> others, Member self, boolean draining, long now) {
    List<Member> pollers = new ArrayList<>(others);
    if (!draining) {
      pollers.add(self);
    }
    pollers.removeIf(member -> !member.hasVote());
    pollers.sort(Comparator.comparing(Member::id));
    String digest = digest(pollers);
    pollers.removeIf(member -> !member.digest().equals(digest));
    return new Electorate(pollers, now);
  }

  private static String digest(List<Member> pollers) {
    Map<String, Integer> counts = new HashMap<>();
    pollers.forEach(member -> counts.merge(member.digest(), 1, Integer::sum));
    return pollers.stream()
        .max(
            Comparator.comparing((Member member) -> counts.get(member.digest()))
                .thenComparing(Member::startedMillis, Comparator.reverseOrder())
                .thenComparing(Member::id, Comparator.reverseOrder()))
        .map(Member::digest)
        .orElse("");
  }

  /** Whether these members put systems into other slots. */
  public boolean differsFrom(Slots slots) {
    // All have one configuration, and that says into which.
    return !members.isEmpty() && !slots.isSame(members.get(0).map());
  }

  public boolean has(String id) {
    return members.stream().anyMatch(member -> member.id().equals(id));
  }
}
