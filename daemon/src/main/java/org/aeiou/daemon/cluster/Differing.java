package org.aeiou.daemon.cluster;

import java.util.ArrayList;
import java.util.List;
import org.aeiou.daemon.cluster.member.Electorate;
import org.aeiou.daemon.cluster.member.Member;
import org.aeiou.daemon.cluster.member.Members;
import org.aeiou.daemon.cluster.member.Slots;

/** Which members have another configuration than most pollers, and what comes of it. */
final class Differing {
  private final Members members;

  Differing(Members members) {
    this.members = members;
  }

  /** A sentence of each that has. */
  List<String> lines() {
    Electorate electorate = members.electorate();
    List<String> lines = new ArrayList<>();
    for (Members.Seen seen : members.all()) {
      Member member = seen.state().member();
      if (hasOtherSlots(member, electorate)) {
        lines.add(
            member.name()
                + " puts systems into other slots than most pollers, and can ask them for nothing"
                + (member.polls() ? ", and takes no more slots" : "")
                + ": make 'slots' and 'sites' below 'cluster' equal, and start it anew");
      } else if (member.polls()
          && !seen.state().draining()
          && !seen.suspect()
          && !electorate.has(member.id())) {
        lines.add(
            member.name()
                + " has another configuration than most pollers, and takes no more slots: make the"
                + " files equal and reload");
      }
    }
    return lines;
  }

  boolean hasOtherSlots(Member member) {
    return hasOtherSlots(member, members.electorate());
  }

  private boolean hasOtherSlots(Member member, Electorate electorate) {
    if (electorate.members().isEmpty()) {
      return false;
    }
    return !Slots.areSame(member.map(), electorate.members().get(0).map());
  }
}
