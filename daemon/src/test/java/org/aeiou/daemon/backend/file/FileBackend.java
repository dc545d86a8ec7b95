package org.aeiou.daemon.backend.file;

import com.google.common.base.Ticker;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.daemon.backend.Backend;
import org.aeiou.daemon.backend.BackendSettings;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;

/** Reads files on one thread of its own, so that no shard waits for a disk. */
final class FileBackend implements Backend {
  /** What asks for a file of this name never comes back: the shard. */
  private static final String STUCK = "/stuck";

  private final Ticker ticker;
  private final InstantSource clock;
  private final MetricSet metrics = new MetricSet();
  private final LongAdder exchanges =
      metrics.counter("file.exchanges", "Exchanges that were started.");
  private final ExecutorService reader =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread thread = new Thread(work, "value-files");
            thread.setDaemon(true);
            return thread;
          });

  FileBackend(Ticker ticker, InstantSource clock) {
    this.ticker = ticker;
    this.clock = clock;
  }

  @Override
  public Exchanger<Question, Value> connect(String systemName, BackendSettings settings) {
    return new FileExchanger(
        systemName,
        Path.of(settings.address()),
        work -> {
          while (settings.address().endsWith(STUCK)) {
            LockSupport.park(this);
          }
          exchanges.increment();
          reader.execute(work);
        },
        ticker,
        clock);
  }

  @Override
  public void forget(Exchanger<Question, Value> exchanger) {
    if (exchanger instanceof FileExchanger file) {
      file.close();
    }
  }

  @Override
  public MetricSet metrics() {
    return metrics;
  }

  @Override
  public void close() {
    reader.shutdown();
  }
}
