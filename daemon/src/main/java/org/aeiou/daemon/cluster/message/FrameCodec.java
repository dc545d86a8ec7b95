package org.aeiou.daemon.cluster.message;

import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.Outcome;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cluster.codec.EventCodec;
import org.aeiou.daemon.cluster.codec.HealthCodec;
import org.aeiou.daemon.cluster.codec.Input;
import org.aeiou.daemon.cluster.codec.LongTextCodec;
import org.aeiou.daemon.cluster.codec.MalformedMessage;
import org.aeiou.daemon.cluster.codec.MemberCodec;
import org.aeiou.daemon.cluster.codec.NotificationCodec;
import org.aeiou.daemon.cluster.codec.OutcomeCodec;
import org.aeiou.daemon.cluster.codec.Output;
import org.aeiou.daemon.cluster.codec.QuestionCodec;

/**
 * Frames as bytes:
 *
 * <pre>
 *   octet   type
 *   4       length of the rest, the most significant octet first
 *   …       what the type has
 * </pre>
 *
 * <p>A type that is not known is skipped, and so is what is left of a frame behind what is known of
 * its type: members of another minor version understand each other.
 */
final class FrameCodec {
  static final int STATE = 1;
  static final int ASK = 2;
  static final int CANCEL = 3;
  static final int REPLY = 4;
  static final int REFUSAL = 5;
  static final int CHANGED = 6;
  static final int CONDITION = 7;
  static final int NOTIFIED = 8;
  static final int HAPPENED = 9;
  static final int PAGE_WANTED = 10;
  static final int PAGE = 11;
  static final int OFFER = 12;
  static final int DOUBTED = 13;
  static final int INVENTORY_WANTED = 14;
  static final int INVENTORY = 15;

  private static final List<Frame.Refusal.Why> WHYS =
      List.of(
          Frame.Refusal.Why.NOT_OWNER,
          Frame.Refusal.Why.OVERLOADED,
          Frame.Refusal.Why.UNKNOWN_SYSTEM);

  private FrameCodec() {}

  /**
   * A frame as bytes.
   *
   * @param nowNanos by the ticker that its times are by
   */
  static byte[] encode(Frame frame, long nowNanos) {
    Output out = new Output(nowNanos);
    out.octet(type(frame));
    out.raw(new byte[4]);
    int start = out.length();
    body(out, frame);
    out.length(1, out.length() - start);
    return out.toArray();
  }

  private static int type(Frame frame) {
    // By hand, not by a switch over types, which Java 17 does not have.
    if (frame instanceof Frame.Reply) {
      return REPLY;
    } else if (frame instanceof Frame.Ask) {
      return ASK;
    } else if (frame instanceof Frame.Changed) {
      return CHANGED;
    } else if (frame instanceof Frame.State) {
      return STATE;
    } else if (frame instanceof Frame.Cancel) {
      return CANCEL;
    } else if (frame instanceof Frame.Refusal) {
      return REFUSAL;
    } else if (frame instanceof Frame.Condition) {
      return CONDITION;
    } else if (frame instanceof Frame.Notified) {
      return NOTIFIED;
    } else if (frame instanceof Frame.Happened) {
      return HAPPENED;
    } else if (frame instanceof Frame.PageWanted) {
      return PAGE_WANTED;
    } else if (frame instanceof Frame.Page) {
      return PAGE;
    } else if (frame instanceof Frame.Doubted) {
      return DOUBTED;
    } else if (frame instanceof Frame.InventoryWanted) {
      return INVENTORY_WANTED;
    } else if (frame instanceof Frame.Inventory) {
      return INVENTORY;
    }
    return OFFER;
  }

  private static void body(Output out, Frame frame) {
    if (frame instanceof Frame.State state) {
      MemberCodec.write(out, state.state());
    } else if (frame instanceof Frame.Ask ask) {
      write(out, ask);
    } else if (frame instanceof Frame.Cancel cancel) {
      out.number(cancel.exchange());
    } else if (frame instanceof Frame.Reply reply) {
      write(out, reply);
    } else if (frame instanceof Frame.Refusal refusal) {
      out.number(refusal.exchange());
      out.octet(WHYS.indexOf(refusal.why()));
      out.text(refusal.message());
    } else if (frame instanceof Frame.Changed changed) {
      MemberCodec.write(out, changed.epoch());
      out.text(changed.system());
      out.number(changed.readings().size());
      for (Frame.Held held : changed.readings()) {
        QuestionCodec.write(out, held.question());
        OutcomeCodec.write(out, held.outcome());
      }
    } else if (frame instanceof Frame.Condition condition) {
      MemberCodec.write(out, condition.epoch());
      out.text(condition.system());
      HealthCodec.write(out, condition.health());
    } else if (frame instanceof Frame.Notified notified) {
      NotificationCodec.write(out, notified.notification());
    } else if (frame instanceof Frame.Happened happened) {
      EventCodec.write(out, happened.event());
      out.number(Math.max(0, happened.agoMillis()));
    } else if (frame instanceof Frame.InventoryWanted wanted) {
      out.text(wanted.digest());
    } else if (frame instanceof Frame.Inventory inventory) {
      out.text(inventory.digest());
      LongTextCodec.write(out, inventory.yaml());
    } else if (frame instanceof Frame.Doubted doubted) {
      out.number(doubted.systems().size());
      doubted.systems().forEach(out::text);
    } else if (frame instanceof Frame.PageWanted wanted) {
      out.number(wanted.slot());
      MemberCodec.write(out, wanted.epoch());
    } else if (frame instanceof Frame.Page page) {
      write(out, page);
    } else {
      out.number(((Frame.Offer) frame).slot());
    }
  }

  private static void write(Output out, Frame.Ask ask) {
    out.number(ask.exchange());
    MemberCodec.write(out, ask.epoch());
    out.text(ask.system());
    out.number(Math.max(0, ask.timeoutMillis()));
    out.flag(ask.interactive());
    out.number(ask.wanted().size());
    for (Frame.Wanted wanted : ask.wanted()) {
      QuestionCodec.write(out, wanted.question());
      out.number(Math.max(0, wanted.mostAgeMillis()));
      out.number(Math.max(0, wanted.keepMillis()));
    }
  }

  private static void write(Output out, Frame.Reply reply) {
    out.number(reply.exchange());
    MemberCodec.write(out, reply.epoch());
    out.number(reply.outcomes().size());
    for (Outcome<Value> outcome : reply.outcomes()) {
      OutcomeCodec.write(out, outcome);
    }
    out.flag(reply.health() != null);
    if (reply.health() != null) {
      HealthCodec.write(out, reply.health());
    }
  }

  private static void write(Output out, Frame.Page page) {
    out.number(page.slot());
    out.text(page.system());
    out.number(page.readings().size());
    for (Frame.Kept kept : page.readings()) {
      QuestionCodec.write(out, kept.question());
      OutcomeCodec.write(out, kept.outcome());
      out.number(Math.max(0, kept.keepMillis()));
    }
    out.maybeText(page.learned());
  }

  /**
   * What a frame says; null if its type is not known.
   *
   * @param in all of the frame, behind its length
   */
  static Frame decode(int type, Input in) throws MalformedMessage {
    return switch (type) {
      case STATE -> new Frame.State(MemberCodec.readState(in));
      case ASK -> ask(in);
      case CANCEL -> new Frame.Cancel(in.number());
      case REPLY -> reply(in);
      case REFUSAL -> refusal(in);
      case CHANGED -> new Frame.Changed(MemberCodec.readEpoch(in), in.text(), helds(in));
      case CONDITION ->
          new Frame.Condition(MemberCodec.readEpoch(in), in.text(), HealthCodec.read(in));
      case NOTIFIED -> new Frame.Notified(NotificationCodec.read(in));
      case HAPPENED -> new Frame.Happened(EventCodec.read(in), in.number(Long.MAX_VALUE));
      case PAGE_WANTED -> new Frame.PageWanted(slot(in), MemberCodec.readEpoch(in));
      case PAGE -> new Frame.Page(slot(in), in.text(), kepts(in), in.maybeText());
      case OFFER -> new Frame.Offer(slot(in));
      case DOUBTED -> new Frame.Doubted(in.texts());
      case INVENTORY_WANTED -> new Frame.InventoryWanted(in.text());
      case INVENTORY -> new Frame.Inventory(in.text(), LongTextCodec.read(in));
      default -> null;
    };
  }

  private static int slot(Input in) throws MalformedMessage {
    return in.integer(MemberCodec.MOST_SLOTS - 1);
  }

  private static Frame ask(Input in) throws MalformedMessage {
    return new Frame.Ask(
        in.number(),
        MemberCodec.readEpoch(in),
        in.text(),
        in.number(Long.MAX_VALUE),
        in.flag(),
        wanted(in));
  }

  private static List<Frame.Wanted> wanted(Input in) throws MalformedMessage {
    int count = in.count();
    List<Frame.Wanted> wanted = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      wanted.add(
          new Frame.Wanted(
              QuestionCodec.read(in), in.number(Long.MAX_VALUE), in.number(Long.MAX_VALUE)));
    }
    return wanted;
  }

  private static Frame reply(Input in) throws MalformedMessage {
    long exchange = in.number();
    var epoch = MemberCodec.readEpoch(in);
    int count = in.count();
    List<Outcome<Value>> outcomes = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      outcomes.add(OutcomeCodec.read(in));
    }
    return new Frame.Reply(exchange, epoch, outcomes, in.flag() ? HealthCodec.read(in) : null);
  }

  private static Frame refusal(Input in) throws MalformedMessage {
    long exchange = in.number();
    int why = in.octet();
    // One that a later version has: to be tried again later, or not.
    return new Frame.Refusal(
        exchange, why < WHYS.size() ? WHYS.get(why) : Frame.Refusal.Why.OVERLOADED, in.text());
  }

  private static List<Frame.Held> helds(Input in) throws MalformedMessage {
    int count = in.count();
    List<Frame.Held> helds = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      helds.add(new Frame.Held(QuestionCodec.read(in), OutcomeCodec.read(in)));
    }
    return helds;
  }

  private static List<Frame.Kept> kepts(Input in) throws MalformedMessage {
    int count = in.count();
    List<Frame.Kept> kepts = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      kepts.add(
          new Frame.Kept(QuestionCodec.read(in), OutcomeCodec.read(in), in.number(Long.MAX_VALUE)));
    }
    return kepts;
  }
}
