package org.aeiou.daemon.cluster.lease;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.aeiou.daemon.cluster.member.Electorate;
import org.aeiou.daemon.cluster.member.Member;

/**
 * Which member should own each slot, if it were for this one to say: the same for all members that
 * hear of the same ones. Rendezvous hashing, so that a member that comes or goes moves its own
 * share and little else; but no member has more than its share, and none less than three quarters
 * of it.
 */
final class Preference {
  private final List<Member> members;
  private final long[] seeds;
  private final int[] first;
  private final int[] count;

  Preference(Electorate electorate, int slots) {
    this.members = electorate.members();
    this.seeds = members.stream().mapToLong(member -> spread(member.id().hashCode())).toArray();
    this.count = new int[seeds.length];
    this.first = new int[slots];
    Arrays.fill(first, -1);
    if (!members.isEmpty()) {
      int most = (slots + seeds.length - 1) / seeds.length;
      giveToTheBest(most);
      // What is too much for those goes to members that have little, then to any with room.
      giveWhatIsLeft(slots / seeds.length * 3 / 4);
      giveWhatIsLeft(most);
    }
  }

  private void giveToTheBest(int most) {
    int[] best = new int[first.length];
    for (int slot = 0; slot < best.length; slot++) {
      best[slot] = best(slot, Integer.MAX_VALUE);
    }
    for (int i = 0; i < seeds.length; i++) {
      int member = i;
      IntStream.range(0, best.length)
          .filter(slot -> best[slot] == member)
          .boxed()
          .sorted(Comparator.comparingLong((Integer slot) -> score(member, slot)).reversed())
          .limit(most)
          .forEach(slot -> give(slot, member));
    }
  }

  private void giveWhatIsLeft(int most) {
    for (int slot = 0; slot < first.length; slot++) {
      int best = first[slot] < 0 ? best(slot, most) : -1;
      if (best >= 0) {
        give(slot, best);
      }
    }
  }

  /** The best of those that have less than so many; -1 if there is none. */
  private int best(int slot, int most) {
    int best = -1;
    for (int i = 0; i < seeds.length; i++) {
      if (count[i] < most && (best < 0 || score(i, slot) > score(best, slot))) {
        best = i;
      }
    }
    return best;
  }

  private void give(int slot, int member) {
    first[slot] = member;
    count[member]++;
  }

  /** The member that is to own a slot; null if there is none. */
  Member of(int slot) {
    return first[slot] < 0 ? null : members.get(first[slot]);
  }

  /** How many members are to be given a slot rather than this one. */
  int rank(String id, int slot) {
    int own =
        IntStream.range(0, seeds.length)
            .filter(i -> members.get(i).id().equals(id))
            .findFirst()
            .orElse(-1);
    if (own < 0 || own == first[slot]) {
      return 0;
    }
    int rank = 1;
    for (int i = 0; i < seeds.length; i++) {
      if (i != first[slot] && score(i, slot) > score(own, slot)) {
        rank++;
      }
    }
    return rank;
  }

  private long score(int member, int slot) {
    return spread(seeds[member] + slot);
  }

  /** The finalizer of MurmurHash3, 64 bits. */
  private static long spread(long bits) {
    long mixed = (bits ^ bits >>> 33) * 0xFF51AFD7ED558CCDL;
    mixed = (mixed ^ mixed >>> 33) * 0xC4CEB9FE1A85EC53L;
    return mixed ^ mixed >>> 33;
  }
}
