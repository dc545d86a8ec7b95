package org.aeiou.closures;

import java.util.function.Function;

/**
 * What a request ends in, exactly once: a {@link Reading}, {@link Absent}, or a {@link Failure}.
 * Immutable.
 *
 * @param <V> the type of a reading's value
 */
public sealed interface Outcome<V> permits Reading, Absent, Failure {

  /** The same outcome; a reading's value is what {@code change} makes of it. */
  <W> Outcome<W> map(Function<? super V, ? extends W> change);
}
