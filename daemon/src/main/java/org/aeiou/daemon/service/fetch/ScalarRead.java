package org.aeiou.daemon.service.fetch;

import java.util.function.BiFunction;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.endpoint.Endpoint;
import org.aeiou.daemon.tree.AttributeFile;

/**
 * Reading an attribute that is always in the same place: one question, and one object for all that
 * waits for its answer, as there may be very many. Others take an {@link AttributeRead}.
 *
 * @param <T> what the requester gets of a value
 */
public final class ScalarRead<T, C> extends CachedFetch.Waiting {
  private final AttributeFile file;
  private final BiFunction<AttributeFile, Outcome<Value>, Outcome<T>> made;
  private final Closure<T, C> closure;
  private final C context;

  /**
   * A read.
   *
   * @param made makes what the requester gets of what the system answered
   */
  public ScalarRead(
      AttributeFile file,
      BiFunction<AttributeFile, Outcome<Value>, Outcome<T>> made,
      Closure<T, C> closure,
      C context) {
    this.file = file;
    this.made = made;
    this.closure = closure;
    this.context = context;
  }

  @Override
  void answered(Outcome<Value> outcome, boolean delayed) {
    if (outcome instanceof Failure<Value> failure) {
      Endpoint endpoint = file.system().endpoint();
      if (endpoint != null) {
        endpoint.cache().failed(file.place(null).question(), failure);
      }
    }
    closure.run(context, made.apply(file, outcome), delayed);
  }
}
