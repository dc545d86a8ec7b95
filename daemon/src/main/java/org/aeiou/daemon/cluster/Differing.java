package org.aeiou.daemon.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.aeiou.daemon.cluster.member.Electorate;
import org.aeiou.daemon.cluster.member.Member;
import org.aeiou.daemon.cluster.member.Members;
import org.aeiou.daemon.cluster.member.Slots;

/**
 * Which members have another configuration than most pollers, or the name of another one, and what
 * comes of it.
 */
final class Differing {
  private final Members members;

  Differing(Members members) {
    this.members = members;
  }

  /** A sentence of each that has, and of each name that several have. */
  List<String> lines() {
    List<String> lines = new ArrayList<>(configurations());
    lines.addAll(namesakes());
    return lines;
  }

  /** A sentence of each that has another configuration. */
  List<String> configurations() {
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

  /** One that was started anew has the name of the one before, which is not heard of any more. */
  private List<String> namesakes() {
    Map<String, Integer> heardOf = new TreeMap<>();
    for (Members.Seen seen : members.all()) {
      if (!seen.suspect() && !seen.state().leaving()) {
        heardOf.merge(seen.state().member().name(), 1, Integer::sum);
      }
    }
    List<String> lines = new ArrayList<>();
    heardOf.forEach(
        (name, count) -> {
          if (count > 1) {
            lines.add(
                name
                    + " is what "
                    + count
                    + " members are called, and what is told of owners does not say which: give"
                    + " each a name of its own, with '--member' or 'member' below 'cluster'");
          }
        });
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
