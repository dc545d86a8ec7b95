package org.aeiou.daemon.cache;

/** What was worked out from a slot's outcome, and is another one when that changes. */
public interface Dependent {}
