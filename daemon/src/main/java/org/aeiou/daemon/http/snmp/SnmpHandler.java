package org.aeiou.daemon.http.snmp;

import com.google.common.base.Ticker;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.aeiou.closures.Failure;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.daemon.http.Reply;
import org.aeiou.daemon.service.AttributeService;
import org.aeiou.daemon.service.Delays;
import org.aeiou.daemon.tree.MonitoredSystem;
import org.aeiou.daemon.tree.Network;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;

/** Answers {@code /snmp}. Any thread may call; none waits. */
public final class SnmpHandler extends Handler.Abstract {
  private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

  /** More wait at most for systems; each is some objects. */
  private static final int MOST_RUNNING = 4096;

  /** What all answers may hold that scrapers are reading. */
  private static final long MOST_HELD = 64L << 20;

  private final AttributeService service;
  private final Function<String, MonitoredSystem> systems;
  private final Targets targets;
  private final Modules modules;
  private final Scrapers scrapers;
  private final Delays delays;
  private final Ticker ticker;
  private final ScrapeCounters counters = new ScrapeCounters();

  /**
   * A handler.
   *
   * @param targets kept up to date by what makes this
   * @param requesters makes a user of the scheduler, by name
   * @param delays for deadlines
   * @param ticker that readings are taken by
   */
  public SnmpHandler(
      AttributeService service,
      Network network,
      Targets targets,
      Modules modules,
      Function<String, Requester> requesters,
      Delays delays,
      Ticker ticker) {
    this.service = service;
    this.systems = network::system;
    this.targets = targets;
    this.modules = modules;
    this.scrapers = new Scrapers(requesters);
    this.delays = delays;
    this.ticker = ticker;
  }

  public MetricSet metrics() {
    return counters.metrics;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    if (!HttpMethod.GET.is(request.getMethod()) && !HttpMethod.HEAD.is(request.getMethod())) {
      counters.refused.increment();
      response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
      Reply.text(
          response,
          callback,
          HttpStatus.METHOD_NOT_ALLOWED_405,
          "method " + request.getMethod() + " is not allowed here; use GET");
      return true;
    }
    ScrapeQuery query;
    try {
      query = ScrapeQuery.of(parameters(request), targets, modules);
    } catch (BadScrapeException e) {
      counters.refused.increment();
      Reply.text(response, callback, HttpStatus.BAD_REQUEST_400, e.getMessage());
      return true;
    }
    if (counters.running.incrementAndGet() > MOST_RUNNING) {
      counters.running.decrementAndGet();
      overloaded(response, callback, "more than " + MOST_RUNNING + " scrapes are running");
      return true;
    }
    new Running(request, response, callback, query).start();
    return true;
  }

  private static Fields parameters(Request request) throws BadScrapeException {
    try {
      return Request.extractQueryParameters(request);
    } catch (RuntimeException e) {
      throw new BadScrapeException("the query is not in the encoding of URLs (RFC 3986)");
    }
  }

  private void overloaded(Response response, Callback callback, String why) {
    counters.overloaded.increment();
    response.getHeaders().put(HttpHeader.RETRY_AFTER, "1");
    Reply.text(response, callback, HttpStatus.SERVICE_UNAVAILABLE_503, why + "; try again later");
  }

  /** A scrape from its beginning to the end of its answer. */
  private final class Running {
    private final Response response;
    private final Callback callback;
    private final ScrapeQuery query;
    private final Executor executor;
    private final long startNanos = ticker.read();
    private final Scrape scrape;

    /** What the deadline ends; forgotten when it is over, as the deadline may be far away. */
    private final AtomicReference<Scrape> waiting = new AtomicReference<>();

    Running(Request request, Response response, Callback callback, ScrapeQuery query) {
      this.response = response;
      this.callback = callback;
      this.query = query;
      this.executor = request.getComponents().getExecutor();
      long patienceNanos = ScrapeDeadline.nanos(request.getHeaders().get(ScrapeDeadline.HEADER));
      this.scrape =
          new Scrape(
              service,
              scrapers.at(Request.getRemoteAddr(request)),
              query,
              startNanos + patienceNanos,
              this::read);
      waiting.set(scrape);
      AtomicReference<Scrape> late = waiting;
      delays.after(patienceNanos, () -> giveUp(late.get(), patienceNanos));
    }

    void start() {
      scrape.start();
    }

    /** The thread that brings the last answer must not be held up: text is made on another. */
    private void read(Failure<?> failure) {
      waiting.set(null);
      counters.running.decrementAndGet();
      long readNanos = ticker.read();
      try {
        executor.execute(() -> answer(failure, readNanos));
      } catch (RejectedExecutionException e) {
        callback.failed(new EofException("the server has ended", e));
      }
    }

    private void answer(Failure<?> failure, long readNanos) {
      MonitoredSystem system = systems.apply(query.system());
      if (failure != null || system == null) {
        fail(failure);
        return;
      }
      ScrapeMetrics metrics;
      try {
        metrics =
            ScrapeMetrics.of(
                scrape.modules(),
                system.charset(),
                ticker,
                new ScrapeMetrics.Times(startNanos, readNanos));
      } catch (RuntimeException e) {
        callback.failed(e);
        throw e;
      }
      long bytes = metrics.bytes() + 2L * ScrapeBody.BUFFER;
      if (counters.held.addAndGet(bytes) > MOST_HELD) {
        counters.held.addAndGet(-bytes);
        overloaded(
            response,
            callback,
            "answers that scrapers do not read take more than " + (MOST_HELD >> 20) + " MiB");
        return;
      }
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, TYPE);
      new ScrapeBody(
              response, metrics.families(), counters.samples::add, cause -> end(bytes, cause))
          .iterate();
    }

    private void end(long bytes, Throwable cause) {
      counters.held.addAndGet(-bytes);
      if (cause == null) {
        counters.answered.increment();
        callback.succeeded();
      } else {
        counters.aborted.increment();
        callback.failed(cause);
      }
    }

    private void fail(Failure<?> failure) {
      if (failure != null && failure.reason() == Failure.Reason.OVERLOADED) {
        overloaded(response, callback, failure.message());
        return;
      }
      counters.failed.increment();
      String why =
          failure == null
              ? query.system() + " was taken out of the configuration"
              : failure.message();
      Reply.text(
          response,
          callback,
          HttpStatus.INTERNAL_SERVER_ERROR_500,
          "An error has occurred while serving metrics:\n\nerror scraping target "
              + query.system()
              + ": "
              + why);
    }
  }

  private void giveUp(Scrape scrape, long patienceNanos) {
    if (scrape != null) {
      String seconds = Double.toString(patienceNanos / (double) TimeUnit.SECONDS.toNanos(1));
      String why = "it did not answer within the " + seconds + " s of the scrape";
      if (scrape.giveUp(new Failure<>(Failure.Reason.TIMEOUT, why))) {
        counters.late.increment();
      }
    }
  }
}
