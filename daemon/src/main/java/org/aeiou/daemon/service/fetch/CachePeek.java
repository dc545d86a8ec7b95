package org.aeiou.daemon.service.fetch;

import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.Derived;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.Freshness;
import org.aeiou.daemon.cache.Slot;
import org.aeiou.daemon.endpoint.Endpoint;
import org.aeiou.daemon.tree.AnsweredFile;
import org.aeiou.daemon.tree.AttributeFile;
import org.aeiou.daemon.tree.GroupFile;

/**
 * A look at what the cache holds of a file, however old; sends no request. The caller may go by
 * what it saw, and so is told when that changes.
 */
public final class CachePeek {

  /**
   * What was seen; each is null where nothing is known.
   *
   * @param place where the attribute is; null of a whole group
   * @param outcome the last reading or absence
   * @param failure why the last fetch failed
   * @param freshness how long readings of it can be used
   * @param derived the number that was worked out last, or why there is none
   */
  public record Sight(
      AttributeFile.Place place,
      Outcome<Value> outcome,
      Failure<Value> failure,
      Freshness freshness,
      Derived derived) {

    Sight(
        AttributeFile.Place place,
        Outcome<Value> outcome,
        Failure<Value> failure,
        Freshness freshness) {
      this(place, outcome, failure, freshness, null);
    }
  }

  private static final Sight NOTHING = new Sight(null, null, null, null);

  public Sight at(AnsweredFile file) {
    Endpoint endpoint = file.system().endpoint();
    if (endpoint == null) {
      return NOTHING;
    }
    Freshness freshness = file.freshness(endpoint.lifetimes());
    AttributeFile.Place place =
        file instanceof AttributeFile attribute ? place(endpoint, attribute) : null;
    if (place != null && place.question() == null) {
      return new Sight(null, null, null, freshness);
    }
    Slot slot = slot(endpoint, file, place);
    if (slot == null) {
      return new Sight(place, null, null, freshness);
    }
    slot.use();
    slot.note(file);
    Value label = place == null ? null : place.label();
    return new Sight(
        place,
        unguarded(slot.outcome(), label),
        slot.failure(),
        freshness,
        place == null || !((AttributeFile) file).isDerived() ? null : Derived.of(slot.held()));
  }

  /**
   * That a system does not have an attribute.
   *
   * @param freshness for how long that can be said
   */
  public record Absence(Absent<?> outcome, Freshness freshness) {}

  /** The absence that is held of a file, however old; null if none is. */
  public Absence absence(AnsweredFile file) {
    Sight sight = at(file);
    if (sight.outcome() instanceof Absent<?> absent) {
      return new Absence(absent, sight.freshness());
    }
    Endpoint endpoint = file.system().endpoint();
    if (endpoint == null
        || !(file instanceof AttributeFile attribute)
        || attribute.locator() == null) {
      return null;
    }
    Slot walked = endpoint.cache().find(attribute.locator());
    Outcome<Value> rows = walked == null ? null : walked.outcome();
    AttributeFile.Place place = rows == null ? null : attribute.place(rows);
    // As a read of it: the walk that locates it says that its row does not lead there.
    return place != null && place.question() == null && rows instanceof Reading<Value> walk
        ? new Absence(
            new Absent<>(walk.takenNanos(), walk.takenMillis()),
            endpoint.lifetimes().ofDirectories())
        : null;
  }

  /** Null if nothing of it is held. */
  private static Slot slot(Endpoint endpoint, AnsweredFile file, AttributeFile.Place place) {
    if (file instanceof GroupFile group) {
      return endpoint.cache().find(group.question());
    }
    return place == null || place.question() == null
        ? null
        : ((AttributeFile) file).slot(endpoint.cache(), place.question());
  }

  /**
   * Says that a file will be read again before then: what is held of it is evicted last.
   *
   * @return what is held of it; null if nothing is
   */
  public Slot watch(AnsweredFile file, Endpoint endpoint, long untilNanos) {
    AttributeFile.Place place =
        file instanceof AttributeFile attribute ? place(endpoint, attribute) : null;
    Slot slot = slot(endpoint, file, place);
    if (slot != null) {
      slot.watch(untilNanos);
    }
    return slot;
  }

  /** Says that a reader is given what was seen. */
  public void read(AttributeFile file) {
    Endpoint endpoint = file.system().endpoint();
    AttributeFile.Place place = endpoint == null ? null : place(endpoint, file);
    Slot slot = slot(endpoint, file, place);
    if (slot != null) {
      slot.hit();
    }
  }

  /** The reading that may be served, fresh or stale; null if there is none. */
  public static Reading<Value> usable(Sight sight, long nowNanos) {
    return sight.outcome() instanceof Reading<Value> reading
            && sight.freshness().at(nowNanos - reading.takenNanos()) != Freshness.State.EXPIRED
        ? reading
        : null;
  }

  private static AttributeFile.Place place(Endpoint endpoint, AttributeFile file) {
    Question.Walk locator = file.locator();
    if (locator == null) {
      return file.place(null);
    }
    Slot walked = endpoint.cache().find(locator);
    return walked == null || walked.outcome() == null ? null : file.place(walked.outcome());
  }

  /** The outcome for the value alone; null if it turned out to be another row's. */
  public static Outcome<Value> unguarded(Outcome<Value> outcome, Value label) {
    if (!(outcome instanceof Reading<Value> reading)
        || !(reading.value() instanceof Value.Guarded guarded)) {
      return outcome;
    }
    return label.equals(guarded.guard()) ? guarded.outcome(reading) : null;
  }
}
