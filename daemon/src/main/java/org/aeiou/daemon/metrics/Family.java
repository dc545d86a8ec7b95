package org.aeiou.daemon.metrics;

import io.prometheus.metrics.model.registry.Collector;
import io.prometheus.metrics.model.registry.MetricType;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricFamilyDescriptor;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import java.util.List;
import java.util.Set;
import org.aeiou.closures.metric.Metric;

/** The metrics of one exposed name: one, or counters that a label tells apart. */
final class Family implements Collector {
  private final MetricMetadata metadata;
  private final List<Metric> members;

  Family(String exposedName, List<Metric> members) {
    this.metadata =
        new MetricMetadata(ExposedName.withoutCounterSuffix(exposedName), members.get(0).help());
    this.members = members;
  }

  @Override
  public MetricSnapshot collect() {
    Metric first = members.get(0);
    if (first instanceof Metric.Gauge gauge) {
      double value = gauge.unit().inBase(gauge.value().getAsLong());
      return new GaugeSnapshot(
          metadata, List.of(new GaugeDataPointSnapshot(value, Labels.EMPTY, null)));
    }
    if (first instanceof Metric.Histogram histogram) {
      return new HistogramSnapshot(metadata, List.of(dataPoint(histogram)));
    }
    return new CounterSnapshot(
        metadata, members.stream().map(Metric.Counter.class::cast).map(Family::dataPoint).toList());
  }

  private static CounterDataPointSnapshot dataPoint(Metric.Counter counter) {
    Labels labels =
        counter.label().isEmpty()
            ? Labels.EMPTY
            : Labels.of(counter.label(), ExposedName.labelValue(counter));
    return new CounterDataPointSnapshot(
        counter.unit().inBase(counter.value().getAsLong()), labels, null, 0);
  }

  private static HistogramDataPointSnapshot dataPoint(Metric.Histogram histogram) {
    Metric.Distribution seen = histogram.value().get();
    ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
    for (int i = 0; i < seen.counts().size(); i++) {
      double bound =
          i < histogram.bounds().size()
              ? histogram.unit().inBase(histogram.bounds().get(i))
              : Double.POSITIVE_INFINITY;
      buckets.bucket(bound, seen.counts().get(i));
    }
    return HistogramDataPointSnapshot.builder()
        .classicHistogramBuckets(buckets.build())
        .sum(histogram.unit().inBase(seen.sum()))
        .build();
  }

  /** What the registry compares when a family is registered. */
  @Override
  public MetricFamilyDescriptor getMetricFamilyDescriptor() {
    Metric first = members.get(0);
    if (first instanceof Metric.Gauge) {
      return MetricFamilyDescriptor.of(MetricType.GAUGE, metadata);
    }
    if (first instanceof Metric.Histogram) {
      return MetricFamilyDescriptor.of(MetricType.HISTOGRAM, metadata);
    }
    String label = ((Metric.Counter) first).label();
    return MetricFamilyDescriptor.of(
        MetricType.COUNTER, metadata, label.isEmpty() ? Set.of() : Set.of(label));
  }
}
