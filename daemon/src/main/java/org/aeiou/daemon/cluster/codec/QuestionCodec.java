package org.aeiou.daemon.cluster.codec;

import java.util.ArrayList;
import java.util.List;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;

/** Questions as bytes: an octet that says which kind, and what the kind needs. */
public final class QuestionCodec {
  private static final int GET = 1;
  private static final int SAMPLE = 2;
  private static final int PROBE = 3;
  private static final int WALK = 4;
  private static final int SET = 5;

  private QuestionCodec() {}

  public static void write(Output out, Question question) {
    if (question instanceof Question.Get get) {
      out.octet(GET);
      out.oid(get.oid());
      out.maybeOid(get.guard());
      out.flag(get.withProbes());
    } else if (question instanceof Question.Sample sample) {
      out.octet(SAMPLE);
      oids(out, sample.counters());
      out.maybeOid(sample.guard());
      out.maybeOid(sample.discontinuity());
      oids(out, sample.speeds());
      write(out, sample.meaning());
    } else if (question instanceof Question.Probe probe) {
      out.octet(PROBE);
      out.oid(probe.subtree());
    } else if (question instanceof Question.Walk walk) {
      out.octet(WALK);
      oids(out, walk.columns());
      out.flag(walk.naming());
      out.maybeOid(walk.count());
      out.number(walk.most());
    } else {
      out.octet(SET);
      write(out, (Question.Set) question);
    }
  }

  private static void write(Output out, Question.CounterMeaning meaning) {
    out.text(meaning.renewedWith());
    out.number(meaning.bits());
    out.number(meaning.speedUnits().size());
    for (long unit : meaning.speedUnits()) {
      out.number(unit);
    }
    out.flag(meaning.isShare());
  }

  private static void write(Output out, Question.Set set) {
    out.number(set.assignments().size());
    for (Question.Assignment assignment : set.assignments()) {
      out.oid(assignment.oid());
      out.maybeOid(assignment.guard());
      ValueCodec.write(out, assignment.value());
    }
  }

  private static void oids(Output out, List<Oid> oids) {
    out.number(oids.size());
    for (Oid oid : oids) {
      out.oid(oid);
    }
  }

  public static Question read(Input in) throws MalformedMessage {
    int kind = in.octet();
    in.takes(64);
    return switch (kind) {
      case GET -> get(in);
      case SAMPLE -> sample(in);
      case PROBE -> new Question.Probe(in.object());
      case WALK -> walk(in);
      case SET -> set(in);
      default -> throw new MalformedMessage("has a question of an unknown kind: " + kind);
    };
  }

  private static Question get(Input in) throws MalformedMessage {
    Oid oid = in.object();
    Oid guard = in.maybeObject();
    boolean withProbes = in.flag();
    if (withProbes && (guard != null || oid.get(oid.length() - 1) != 0)) {
      throw new MalformedMessage("asks beside probes for what is no scalar");
    }
    return new Question.Get(oid, guard, withProbes);
  }

  private static Question sample(Input in) throws MalformedMessage {
    List<Oid> counters = objects(in, 1);
    Oid guard = in.maybeObject();
    Oid discontinuity = in.maybeObject();
    List<Oid> speeds = objects(in, 0);
    String renewedWith = in.text();
    int bits = in.integer(Integer.MAX_VALUE);
    int count = in.count();
    if (count < speeds.size()) {
      throw new MalformedMessage("has a speed without a unit");
    }
    List<Long> units = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      in.takes(24);
      units.add(in.number(Long.MAX_VALUE));
    }
    return new Question.Sample(
        counters,
        guard,
        discontinuity,
        speeds,
        new Question.CounterMeaning(renewedWith, bits, units, in.flag()));
  }

  private static Question walk(Input in) throws MalformedMessage {
    List<Oid> columns = objects(in, 1);
    boolean naming = in.flag();
    Oid count = in.maybeObject();
    return new Question.Walk(columns, naming, count, in.integer(Integer.MAX_VALUE));
  }

  private static Question set(Input in) throws MalformedMessage {
    int count = in.count();
    if (count == 0) {
      throw new MalformedMessage("sets nothing");
    }
    List<Question.Assignment> assignments = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      in.takes(32);
      Oid oid = in.object();
      Oid guard = in.maybeObject();
      assignments.add(new Question.Assignment(oid, guard, ValueCodec.readSingle(in)));
    }
    return new Question.Set(assignments, () -> {});
  }

  private static List<Oid> objects(Input in, int least) throws MalformedMessage {
    int count = in.count();
    if (count < least) {
      throw new MalformedMessage("asks for nothing");
    }
    List<Oid> oids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      oids.add(in.object());
    }
    return oids;
  }
}
