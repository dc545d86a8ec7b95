package org.aeiou.daemon.http.scrape;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Ticker;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.aeiou.daemon.http.Rendered;
import org.aeiou.daemon.http.Reply;
import org.aeiou.daemon.metrics.Metrics;
import org.aeiou.daemon.overview.Overview;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Answers with all metrics: in the text format of Prometheus, or as OpenMetrics if the client likes
 * that better. However many ask, they are rendered once a second; who asks meanwhile gets what is
 * being rendered, without a thread that waits for it.
 */
public final class MetricsHandler extends Handler.Abstract {
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
  private static final String OPEN_METRICS =
      "application/openmetrics-text; version=1.0.0; charset=utf-8";
  private static final String END = "# EOF\n";
  private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** For the samples of one system, in characters, so that the text need not grow often. */
  private static final int OF_A_SYSTEM = 1024;

  private final Metrics metrics;
  private final Overview overview;
  private final BooleanSupplier withSystems;
  private final Ticker ticker;
  private final InstantSource clock;
  private final Rendering prometheus = new Rendering(false);
  private final Rendering openMetrics = new Rendering(true);

  /**
   * Answers with metrics.
   *
   * @param withSystems whether there are families with the system as their label
   */
  public MetricsHandler(
      Metrics metrics,
      Overview overview,
      BooleanSupplier withSystems,
      Ticker ticker,
      InstantSource clock) {
    this.metrics = metrics;
    this.overview = overview;
    this.withSystems = withSystems;
    this.ticker = ticker;
    this.clock = clock;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Rendering rendering = likesOpenMetrics(request) ? openMetrics : prometheus;
    rendering.answer(new Waiting(request, response, callback));
    return true;
  }

  private static boolean likesOpenMetrics(Request request) {
    for (String type : request.getHeaders().getQualityCSV(HttpHeader.ACCEPT)) {
      if (type.startsWith("application/openmetrics-text")) {
        return true;
      }
      if (type.startsWith("text/plain") || type.startsWith("*/*")) {
        return false;
      }
    }
    return false;
  }

  /** A request that has no answer yet. */
  private record Waiting(Request request, Response response, Callback callback) {
    void answer(Rendered text) {
      response.getHeaders().put(HttpHeader.VARY, "Accept, Accept-Encoding");
      Reply.rendered(request, response, callback, text);
    }
  }

  /** The text of one format. */
  private final class Rendering {
    private final boolean open;

    // Guarded by this.
    private Rendered last;
    private long atNanos;
    private boolean runs;
    private List<Waiting> waiting = new ArrayList<>();

    Rendering(boolean open) {
      this.open = open;
    }

    void answer(Waiting one) {
      Rendered fresh = null;
      synchronized (this) {
        if (last != null && ticker.read() - atNanos < FRESH_NANOS) {
          fresh = last;
        } else {
          waiting.add(one);
          if (runs) {
            return;
          }
          runs = true;
        }
      }
      if (fresh != null) {
        one.answer(fresh);
      } else {
        render();
      }
    }

    private void render() {
      Rendered text = null;
      Throwable failure = null;
      try {
        text = Rendered.passing(open ? OPEN_METRICS : PROMETHEUS, text().getBytes(UTF_8));
      } catch (RuntimeException e) {
        failure = e;
      }
      List<Waiting> all;
      synchronized (this) {
        last = text;
        atNanos = ticker.read();
        runs = false;
        all = waiting;
        waiting = new ArrayList<>();
      }
      for (Waiting each : all) {
        if (text == null) {
          each.callback.failed(failure);
        } else {
          each.answer(text);
        }
      }
    }

    private String text() {
      String own = open ? metrics.asOpenMetrics() : metrics.asPrometheus();
      if (!withSystems.getAsBoolean()) {
        return own;
      }
      var systems = overview.systems();
      StringBuilder out = new StringBuilder(own.length() + OF_A_SYSTEM * systems.size());
      out.append(own, 0, open ? own.length() - END.length() : own.length());
      SystemFamilies.write(out, systems, clock.millis(), open);
      return out.append(open ? END : "").toString();
    }
  }
}
