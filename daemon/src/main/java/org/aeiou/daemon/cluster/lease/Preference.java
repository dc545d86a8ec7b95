package org.aeiou.daemon.cluster.lease;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.aeiou.daemon.cluster.member.Electorate;
import org.aeiou.daemon.cluster.member.Member;
import org.aeiou.daemon.cluster.member.Slots;

/**
 * Which member should own each slot, if it were for this one to say: the same for all members that
 * hear of the same ones. Slots of a site go to members of that site, where there are any, the
 * others to all. Rendezvous hashing, so that a member that comes or goes moves its own share and
 * little else; but of each site's slots no member has more than its share, and none less than three
 * quarters of it.
 */
final class Preference {
  private final List<Member> members;
  private final Slots slots;
  private final long[] seeds;
  private final int[] first;

  Preference(Electorate electorate, Slots slots) {
    this.members = electorate.members();
    this.slots = slots;
    this.seeds = members.stream().mapToLong(member -> spread(member.id().hashCode())).toArray();
    this.first = new int[slots.count()];
    Arrays.fill(first, -1);
    if (!members.isEmpty()) {
      slots.ranges().forEach(range -> new Sharing(range).share());
    }
  }

  /** Whether a member is at a site; none is where there is no site. */
  private boolean isNear(int member, String site) {
    return !site.isEmpty() && members.get(member).site().equals(site);
  }

  /** How the slots of a range are shared by the members of its site, or by all. */
  private final class Sharing {
    private final Slots.Range range;
    private final int[] sharing;

    /** How many slots of the range each member has. */
    private final int[] count = new int[seeds.length];

    Sharing(Slots.Range range) {
      this.range = range;
      int[] near = IntStream.range(0, seeds.length).filter(i -> isNear(i, range.site())).toArray();
      this.sharing = near.length > 0 ? near : IntStream.range(0, seeds.length).toArray();
    }

    void share() {
      int most = (range.size() + sharing.length - 1) / sharing.length;
      giveToTheBest(most);
      // What is too much for those goes to members that have little, then to any with room.
      giveWhatIsLeft(range.size() / sharing.length * 3 / 4);
      giveWhatIsLeft(most);
    }

    private void giveToTheBest(int most) {
      int[] best = new int[range.size()];
      for (int i = 0; i < best.length; i++) {
        best[i] = best(range.begin() + i, Integer.MAX_VALUE);
      }
      for (int member : sharing) {
        IntStream.range(range.begin(), range.end())
            .filter(slot -> best[slot - range.begin()] == member)
            .boxed()
            .sorted(Comparator.comparingLong((Integer slot) -> score(member, slot)).reversed())
            .limit(most)
            .forEach(slot -> give(slot, member));
      }
    }

    private void giveWhatIsLeft(int most) {
      for (int slot = range.begin(); slot < range.end(); slot++) {
        int best = first[slot] < 0 ? best(slot, most) : -1;
        if (best >= 0) {
          give(slot, best);
        }
      }
    }

    /** The best of those that have less than so many; -1 if there is none. */
    private int best(int slot, int most) {
      int best = -1;
      for (int member : sharing) {
        if (count[member] < most && (best < 0 || score(member, slot) > score(best, slot))) {
          best = member;
        }
      }
      return best;
    }

    private void give(int slot, int member) {
      first[slot] = member;
      count[member]++;
    }
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
    String site = slots.siteOf(slot);
    int rank = 1;
    for (int i = 0; i < seeds.length; i++) {
      boolean isBefore =
          isNear(i, site) == isNear(own, site)
              ? score(i, slot) > score(own, slot)
              : isNear(i, site);
      if (i != first[slot] && isBefore) {
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
