package org.aeiou.daemon.cluster.owner;

import com.google.common.collect.MapMaker;
import java.util.Map;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.cluster.member.Epoch;

/**
 * What other members want to be set here, and until when and by which ownership it may be. Any
 * thread.
 */
final class RemoteWrites {

  /**
   * Under which conditions it may be done.
   *
   * @param untilNanos by the ticker: after that the asker does not wait any more
   */
  record Condition(Epoch epoch, long untilNanos) {}

  /** By identity, and as long as a question is held: it may leave long after its outcome. */
  private final Map<Question.Set, Condition> conditions = new MapMaker().weakKeys().makeMap();

  void add(Question.Set set, Condition condition) {
    conditions.put(set, condition);
  }

  /** Null of what this member wants itself. */
  Condition of(Question.Set set) {
    return conditions.get(set);
  }
}
