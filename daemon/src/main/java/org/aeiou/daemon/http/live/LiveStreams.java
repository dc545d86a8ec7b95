package org.aeiou.daemon.http.live;

import com.google.common.base.Ticker;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.daemon.http.json.ShownFiles;
import org.aeiou.daemon.metrics.EventRing;
import org.aeiou.daemon.overview.Overview;
import org.aeiou.daemon.service.AttributeService;
import org.aeiou.daemon.service.TimerThread;
import org.eclipse.jetty.server.Handler;

/** The event streams of a daemon, with the thread that has them. */
public final class LiveStreams implements AutoCloseable {
  private static final long END_MILLIS = 500;

  private final TimerThread thread = new TimerThread("aeiou-stream");
  private final StreamCounters counters = new StreamCounters();
  private final Streams streams;
  private final Handler handler;

  /**
   * No stream yet.
   *
   * @param requesters on whose behalf a user's cells are asked for
   * @param version what the daemon says it is
   * @param cluster which cluster it is a member of; empty if it is of none
   */
  public LiveStreams(
      AttributeService files,
      Overview overview,
      EventRing events,
      Function<String, Requester> requesters,
      String version,
      String cluster,
      Ticker ticker,
      InstantSource clock) {
    StreamLimits limits = StreamLimits.of(Runtime.getRuntime().maxMemory());
    streams =
        new Streams(
            new ServiceCells(files, new ShownFiles(files, ticker)),
            new LiveEvents(events),
            new LiveSystems(overview::systems, ticker),
            limits,
            thread,
            requesters,
            new SecureRandom()::nextBytes,
            new Greeting(version, cluster, clock),
            counters,
            ticker,
            clock);
    handler = new StreamHandler(streams, limits, counters);
  }

  /** For {@code /api/v1/stream}, what is below it, and {@code /api/v1/watch}. */
  public Handler handler() {
    return handler;
  }

  public MetricSet metrics() {
    return counters.metrics;
  }

  /** Ends all streams at once. */
  @Override
  public void close() {
    CountDownLatch ended = new CountDownLatch(1);
    streams.run(
        () -> {
          streams.closeAll();
          ended.countDown();
        });
    try {
      boolean unused = ended.await(END_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.close();
  }
}
