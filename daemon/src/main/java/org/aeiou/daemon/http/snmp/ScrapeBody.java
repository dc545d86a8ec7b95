package org.aeiou.daemon.http.snmp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.IteratingCallback;

/**
 * Writes metrics to a scraper as fast as it reads: the next lines are made when those before are
 * gone. So a scraper that does not read costs one buffer, and no thread.
 */
final class ScrapeBody extends IteratingCallback {
  /** In characters, which are nearly all one octet. */
  static final int BUFFER = 32 << 10;

  private final Response response;
  private final List<MetricFamily> families;
  private final LongConsumer samples;
  private final Consumer<Throwable> end;
  private final StringBuilder out = new StringBuilder(BUFFER + 1024);

  private int family;
  private int next;
  private boolean headed;
  private boolean last;

  /**
   * What is to be written.
   *
   * @param samples is told how many lines were written
   * @param end runs once: with null when all of it was read
   */
  ScrapeBody(
      Response response,
      List<MetricFamily> families,
      LongConsumer samples,
      Consumer<Throwable> end) {
    this.response = response;
    this.families = families;
    this.samples = samples;
    this.end = end;
  }

  @Override
  protected Action process() {
    if (last) {
      return Action.SUCCEEDED;
    }
    out.setLength(0);
    long lines = 0;
    while (family < families.size() && out.length() < BUFFER) {
      MetricFamily at = families.get(family);
      if (next == at.samples().size()) {
        family++;
        next = 0;
        headed = false;
        continue;
      }
      int before = out.length();
      if (!headed) {
        at.head(out);
      }
      int put = at.samples().put(next++, out);
      if (put == 0 && !headed) {
        out.setLength(before); // no name without a sample
      }
      headed |= put > 0;
      lines += put;
    }
    last = family == families.size();
    samples.accept(lines);
    response.write(last, ByteBuffer.wrap(out.toString().getBytes(UTF_8)), this);
    return Action.SCHEDULED;
  }

  @Override
  protected void onCompleteSuccess() {
    end.accept(null);
  }

  @Override
  protected void onCompleteFailure(Throwable cause) {
    end.accept(cause);
  }
}
