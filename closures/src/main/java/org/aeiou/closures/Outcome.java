package org.aeiou.closures;

/**
 * What a request ends in, exactly once: a {@link Reading}, {@link Absent}, or a {@link Failure}.
 * Immutable.
 *
 * @param <V> the type of a reading's value
 */
public sealed interface Outcome<V> permits Reading, Absent, Failure {}
