package org.aeiou.daemon.cluster.member;

/**
 * Which member owns a slot, as far as another one knows.
 *
 * @param sinceNanos when that was heard first, by this process' ticker
 * @param suspect whether the owner was not heard of lately
 */
public record Owner(Member member, Epoch epoch, long sinceNanos, boolean suspect) {}
