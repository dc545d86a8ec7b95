package org.aeiou.daemon.backend.snmp;

import java.time.Duration;

/**
 * How the SNMP back end as a whole works. Immutable; no key of the configuration says it.
 *
 * @param sockets UDP sockets that the systems are spread over, 1 to 256: each has a receive buffer
 *     of its own, so a burst of responses is not dropped
 * @param threads threads that listen to the sockets, 1 to 64
 * @param receiveBuffer bytes asked for as each socket's receive buffer; the kernel may grant less
 *     ({@code net.core.rmem_max})
 * @param maxRequest the most bytes a request may have, 484 to 65 507; what does not fit is asked
 *     next
 * @param maxResponse how many bytes a response to a walk is meant to have, 484 to 65 507: what one
 *     frame carries
 * @param maxRows the most rows a walk may have, at least 1; more is a bad answer
 * @param maxWalk how long a walk may take in all; more than zero
 * @param answerBytes how much memory all answers together may take until they are in the cache, at
 *     least 64 KiB; a walk may take half of it, and at most 64 MiB
 * @param nameTtl how long the address of a host name is used before it is asked for again; more
 *     than zero
 */
record SnmpOptions(
    int sockets,
    int threads,
    int receiveBuffer,
    int maxRequest,
    int maxResponse,
    int maxRows,
    Duration maxWalk,
    long answerBytes,
    Duration nameTtl) {

  /** What a walk may take, however much there is. */
  private static final long MOST_WALK_BYTES = 64L << 20;

  /** What is used where nothing is configured. */
  static final SnmpOptions DEFAULT =
      new SnmpOptions(
          8,
          // One thread that receives is woken less often than two, which counts where there are few
          // processors.
          Math.max(1, Math.min(2, Runtime.getRuntime().availableProcessors() / 2)),
          4 << 20,
          1400,
          1472,
          250_000,
          Duration.ofSeconds(50),
          Math.max(64 << 10, Runtime.getRuntime().maxMemory() / 8),
          Duration.ofSeconds(60));

  /** How much memory one walk may take. */
  long walkBytes() {
    return Math.min(answerBytes / 2, MOST_WALK_BYTES);
  }
}
