package org.aeiou.daemon.cluster.codec;

import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.aeiou.daemon.cluster.member.Epoch;
import org.aeiou.daemon.cluster.member.Member;
import org.aeiou.daemon.cluster.member.MemberState;
import org.aeiou.daemon.cluster.member.Role;

/** Members, their states and their ownerships as bytes. */
public final class MemberCodec {
  /** How many slots there may be. */
  public static final int MOST_SLOTS = 1 << 16;

  /** How long the id of a member may be, in octets. */
  private static final int MOST_ID = 64;

  /** It is part of a subject of the broker: nothing that could be another one, or a line of it. */
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]+");

  /** How long what members are called may be, in octets: it is kept, and shown. */
  private static final int MOST_TEXT = 256;

  /** What would be another line where it is shown, or change how it looks. */
  private static final Pattern UNSHOWN = Pattern.compile("[\\p{Cntrl}\\p{Cf}\\x{2028}\\x{2029}]");

  private static final int MOST_FIGURES = 64;

  /** Each a bit, the first the lowest. */
  private static final List<Role> ROLES = List.of(Role.POLL, Role.READ);

  private static final int DRAINING = 1;
  private static final int LEAVING = 2;

  private MemberCodec() {}

  public static void write(Output out, MemberState state) {
    Member member = state.member();
    out.text(member.id());
    out.text(member.name());
    int roles = 0;
    for (Role role : member.roles()) {
      roles |= 1 << ROLES.indexOf(role);
    }
    out.number(roles);
    out.text(member.site());
    out.text(member.digest());
    out.text(member.version());
    out.number(member.startedMillis());
    out.number(state.sequence());
    out.number((state.draining() ? DRAINING : 0) | (state.leaving() ? LEAVING : 0));
    out.number(state.slots().size());
    int last = 0;
    Epoch before = new Epoch(0, 0);
    for (Map.Entry<Integer, Epoch> owned : new TreeMap<>(state.slots()).entrySet()) {
      Epoch epoch = owned.getValue();
      out.number(owned.getKey() - last);
      out.signed(epoch.incarnation() - before.incarnation());
      out.signed(epoch.revision() - before.revision());
      last = owned.getKey();
      before = epoch;
    }
    out.number(state.figures().size());
    new TreeMap<>(state.figures())
        .forEach(
            (name, figure) -> {
              out.text(name);
              out.signed(figure);
            });
    if (!member.map().isEmpty()) {
      out.text(member.map()); // since minor version 1
    }
  }

  /** The id of a member. */
  public static String readId(Input in) throws MalformedMessage {
    String id = in.text(MOST_ID);
    if (!ID.matcher(id).matches()) {
      throw new MalformedMessage("has an id that no member has");
    }
    return id;
  }

  private static String shown(Input in) throws MalformedMessage {
    return UNSHOWN.matcher(in.text(MOST_TEXT)).replaceAll("?");
  }

  public static MemberState readState(Input in) throws MalformedMessage {
    String id = readId(in);
    String name = shown(in);
    long bits = in.number();
    Set<Role> roles = EnumSet.noneOf(Role.class);
    for (int i = 0; i < ROLES.size(); i++) {
      if ((bits >> i & 1) == 1) {
        roles.add(ROLES.get(i)); // what a later version has besides is not for this one
      }
    }
    String site = shown(in);
    String digest = shown(in);
    String version = shown(in);
    long startedMillis = in.number(Long.MAX_VALUE);
    long sequence = in.number(Long.MAX_VALUE);
    long flags = in.number();
    Map<Integer, Epoch> slots = slots(in);
    Map<String, Long> figures = figures(in);
    String map = in.remaining() > 0 ? shown(in) : "";
    return new MemberState(
        new Member(id, name, roles, site, digest, map, version, startedMillis),
        sequence,
        (flags & DRAINING) != 0,
        (flags & LEAVING) != 0,
        slots,
        figures);
  }

  private static Map<Integer, Epoch> slots(Input in) throws MalformedMessage {
    int count = in.count(MOST_SLOTS);
    Map<Integer, Epoch> slots = new HashMap<>();
    int slot = 0;
    Epoch epoch = new Epoch(0, 0);
    for (int i = 0; i < count; i++) {
      in.takes(100);
      slot += in.integer(MOST_SLOTS - 1 - slot);
      epoch = new Epoch(epoch.incarnation() + in.signed(), epoch.revision() + in.signed());
      slots.put(slot, epoch);
    }
    return slots;
  }

  private static Map<String, Long> figures(Input in) throws MalformedMessage {
    int count = in.count(MOST_FIGURES);
    Map<String, Long> figures = new HashMap<>();
    for (int i = 0; i < count; i++) {
      in.takes(100);
      figures.put(shown(in), in.signed());
    }
    return figures;
  }

  /** An ownership, or null. */
  public static void write(Output out, Epoch epoch) {
    out.flag(epoch != null);
    if (epoch != null) {
      out.number(epoch.incarnation());
      out.number(epoch.revision());
    }
  }

  public static Epoch readEpoch(Input in) throws MalformedMessage {
    return in.flag() ? new Epoch(in.number(), in.number()) : null;
  }
}
