package org.aeiou.daemon.metrics;

import com.sun.management.UnixOperatingSystemMXBean;
import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Families of the process and of its Java, by the names that all clients of Prometheus give them:
 * boards and alerts for any program fit this one. And which version it is.
 */
final class ProcessFamilies implements MultiCollector {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final int KIB = 1024;

  private final String version;

  ProcessFamilies(String version) {
    this.version = version;
  }

  @Override
  public MetricSnapshots collect() {
    MetricSnapshots.Builder all = MetricSnapshots.builder();
    all.metricSnapshot(
        InfoSnapshot.builder()
            .name("aeiou_build")
            .help("Which version of the daemon runs, on which Java.")
            .dataPoint(
                InfoSnapshot.InfoDataPointSnapshot.builder()
                    .labels(
                        Labels.of("version", version, "java", System.getProperty("java.version")))
                    .build())
            .build());
    process(all);
    memory(all);
    threads(all);
    return all.build();
  }

  private static void process(MetricSnapshots.Builder all) {
    if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
      all.metricSnapshot(
          counter(
              "process_cpu_seconds",
              "Total user and system CPU time spent in seconds.",
              seconds(system.getProcessCpuTime(), TimeUnit.SECONDS.toNanos(1))));
      all.metricSnapshot(
          gauge(
              "process_open_fds",
              "Number of open file descriptors.",
              system.getOpenFileDescriptorCount()));
      all.metricSnapshot(
          gauge(
              "process_max_fds",
              "Maximum number of open file descriptors.",
              system.getMaxFileDescriptorCount()));
    }
    all.metricSnapshot(
        gaugeOf(
            "process_start_time_seconds",
            "Start time of the process since unix epoch in seconds.",
            seconds(ManagementFactory.getRuntimeMXBean().getStartTime(), 1000)));
    try {
      for (String line : Files.readAllLines(STATUS)) {
        if (line.startsWith("VmRSS:")) {
          all.metricSnapshot(
              gauge(
                  "process_resident_memory_bytes", "Resident memory size in bytes.", bytes(line)));
        } else if (line.startsWith("VmSize:")) {
          all.metricSnapshot(
              gauge("process_virtual_memory_bytes", "Virtual memory size in bytes.", bytes(line)));
        }
      }
    } catch (IOException e) {
      // not on this system: absent, then
    }
  }

  /** Of a line as {@code VmRSS: 123 kB}. */
  private static long bytes(String line) {
    return Long.parseLong(line.replaceAll("[^0-9]", "")) * KIB;
  }

  private static void memory(MetricSnapshots.Builder all) {
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    MemoryUsage other = ManagementFactory.getMemoryMXBean().getNonHeapMemoryUsage();
    all.metricSnapshot(
        byArea("jvm_memory_used_bytes", "Used bytes", heap.getUsed(), other.getUsed()));
    all.metricSnapshot(
        byArea(
            "jvm_memory_committed_bytes",
            "Committed bytes",
            heap.getCommitted(),
            other.getCommitted()));
    all.metricSnapshot(byArea("jvm_memory_max_bytes", "Max bytes", heap.getMax(), other.getMax()));
    SummarySnapshot.Builder collections =
        SummarySnapshot.builder()
            .name("jvm_gc_collection_seconds")
            .help("Time spent in a given JVM garbage collector in seconds.");
    for (GarbageCollectorMXBean each : ManagementFactory.getGarbageCollectorMXBeans()) {
      collections.dataPoint(
          SummarySnapshot.SummaryDataPointSnapshot.builder()
              .labels(Labels.of("gc", each.getName()))
              .count(each.getCollectionCount())
              .sum(seconds(each.getCollectionTime(), 1000))
              .build());
    }
    all.metricSnapshot(collections.build());
  }

  private static GaugeSnapshot byArea(String name, String what, long heap, long nonHeap) {
    return GaugeSnapshot.builder()
        .name(name)
        .help(what + " of a given JVM memory area.")
        .dataPoint(point(Labels.of("area", "heap"), (double) heap))
        .dataPoint(point(Labels.of("area", "nonheap"), (double) nonHeap))
        .build();
  }

  private static void threads(MetricSnapshots.Builder all) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    for (GaugeSnapshot each :
        List.of(
            gauge(
                "jvm_threads_current", "Current thread count of a JVM.", threads.getThreadCount()),
            gauge(
                "jvm_threads_daemon",
                "Daemon thread count of a JVM.",
                threads.getDaemonThreadCount()),
            gauge("jvm_threads_peak", "Peak thread count of a JVM.", threads.getPeakThreadCount()),
            gauge(
                "jvm_classes_currently_loaded",
                "The number of classes that are currently loaded in the JVM.",
                ManagementFactory.getClassLoadingMXBean().getLoadedClassCount()))) {
      all.metricSnapshot(each);
    }
  }

  private static double seconds(long value, long perSecond) {
    return (double) value / perSecond;
  }

  private static CounterSnapshot counter(String name, String help, double value) {
    return CounterSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(CounterSnapshot.CounterDataPointSnapshot.builder().value(value).build())
        .build();
  }

  private static GaugeSnapshot gaugeOf(String name, String help, double value) {
    return GaugeSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(point(Labels.EMPTY, value))
        .build();
  }

  private static GaugeSnapshot gauge(String name, String help, long value) {
    return gaugeOf(name, help, (double) value);
  }

  private static GaugeSnapshot.GaugeDataPointSnapshot point(Labels labels, double value) {
    return GaugeSnapshot.GaugeDataPointSnapshot.builder().labels(labels).value(value).build();
  }
}
