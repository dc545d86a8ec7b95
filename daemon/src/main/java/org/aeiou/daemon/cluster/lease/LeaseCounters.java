package org.aeiou.daemon.cluster.lease;

import java.util.concurrent.atomic.LongAdder;
import org.aeiou.closures.metric.MetricSet;

/** What became of leases. */
final class LeaseCounters {
  final LongAdder created;
  final LongAdder renewed;
  final LongAdder refused;
  final LongAdder unknown;
  final LongAdder settled;
  final LongAdder taken;
  final LongAdder ranOut;
  final LongAdder released;
  final LongAdder offered;
  final LongAdder impatient;
  final LongAdder quarantines;
  final LongAdder steps;

  LeaseCounters(MetricSet metrics) {
    created = metrics.counter("leases.created", "Slots that this member became the owner of.");
    renewed = metrics.counter("leases.renewed", "Renewals of leases that were acknowledged.");
    refused = metrics.counter("leases.refused", "Attempts refused, since another member has it.");
    unknown = metrics.counter("leases.unknown", "Attempts on leases whose outcome was not known.");
    settled = metrics.counter("leases.settled", "Leases found to be this member's by reading.");
    taken = metrics.counter("leases.taken", "Leases found to be this member's no more.");
    ranOut = metrics.counter("leases.ran_out", "Leases that were not renewed before their end.");
    released = metrics.counter("leases.released", "Slots that were given away.");
    offered = metrics.counter("leases.offered", "Slots that other members offered to this one.");
    impatient =
        metrics.counter(
            "leases.impatient", "Slots given away with something pending for too long.");
    quarantines =
        metrics.counter("leases.quarantines", "Times that the bucket of leases was a new one.");
    steps = metrics.counter("leases.steps", "Times that the clock of the broker was set.");
  }
}
