package org.aeiou.daemon.http.snmp;

import com.google.common.base.Ticker;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.AttributeGroup.Attribute;
import org.aeiou.daemon.catalogue.TtlClass;
import org.aeiou.daemon.http.snmp.AttributeSamples.Way;
import org.aeiou.daemon.http.snmp.ModuleExport.OfGroup;
import org.aeiou.daemon.http.snmp.Scrape.OfModule;
import org.aeiou.daemon.http.snmp.Scrape.OneObject;
import org.aeiou.daemon.http.snmp.Scrape.Part;

/**
 * What was read, as metrics: families in the order of their names, and behind them what is said of
 * the scrape itself. A name that several modules have is exported once, as the first of them says.
 */
final class ScrapeMetrics {
  private static final String AGE = "aeiou_reading_age_seconds";
  private static final String INFO = "_info";

  private final Map<String, MetricFamily> byName = new TreeMap<>();
  private final List<String> ages = new ArrayList<>();
  private final List<MetricFamily> ofScrape = new ArrayList<>();
  private final Charset charset;
  private final Ticker ticker;
  private final long nowNanos;
  private long bytes;

  private ScrapeMetrics(Charset charset, Ticker ticker) {
    this.charset = charset;
    this.ticker = ticker;
    this.nowNanos = ticker.read();
  }

  /** When something began, and when all was read. */
  record Times(long startNanos, long readNanos) {}

  /**
   * What was read.
   *
   * @param charset of the system
   * @param ticker that the readings were taken by
   */
  static ScrapeMetrics of(List<OfModule> modules, Charset charset, Ticker ticker, Times times) {
    ScrapeMetrics metrics = new ScrapeMetrics(charset, ticker);
    modules.forEach(metrics::add);
    metrics.addScrape(modules, times);
    return metrics;
  }

  /** All of them. */
  List<MetricFamily> families() {
    List<MetricFamily> all = new ArrayList<>(byName.values());
    all.addAll(ofScrape);
    return all;
  }

  /** About how much memory they hold beyond what the cache does. */
  long bytes() {
    return bytes;
  }

  private void add(OfModule of) {
    for (List<Part> parts : of.groups) {
      parts.forEach(part -> add(part, parts));
      addAges(of.module.name(), parts);
    }
    of.objects.forEach(this::add);
  }

  private void add(Part part, List<Part> all) {
    RowLabels labels = RowLabels.of(part.of, part, all, charset);
    bytes += labels.bytes();
    for (int column = 0; column < part.columns.size(); column++) {
      Attribute attribute = part.columns.get(column);
      if (!part.of.metrics().contains(attribute)) {
        continue;
      }
      Way way = way(part.of, attribute);
      String name = LabelText.name(attribute.name()) + (way == Way.INFO ? INFO : "");
      boolean isCounter = way == Way.NUMBER && attribute.syntax().isCounter();
      byName.putIfAbsent(
          name,
          new MetricFamily(
              name,
              isCounter ? "counter" : "gauge",
              help(part.of.group(), attribute, way),
              new AttributeSamples(name, attribute, way, part.reading, column, labels, charset)));
    }
  }

  private static Way way(OfGroup of, Attribute attribute) {
    if (of.infos().contains(attribute.name())) {
      return Way.INFO;
    }
    if (of.states().contains(attribute.name())) {
      return Way.STATES;
    }
    if (!attribute.syntax().bits().isEmpty()) {
      return Way.BITS;
    }
    return LabelText.isNumber(attribute.syntax()) ? Way.NUMBER : Way.TEXT;
  }

  private static String help(AttributeGroup group, Attribute attribute, Way way) {
    Oid oid =
        group instanceof AttributeGroup.Scalars
            ? attribute.oid().prefix(attribute.oid().length() - 1)
            : attribute.oid();
    String what = attribute.description() == null ? attribute.name() : attribute.description();
    String how =
        switch (way) {
          case INFO -> " (EnumAsInfo)";
          case STATES -> " (EnumAsStateSet)";
          case BITS -> " (Bits)";
          default -> "";
        };
    return what + " - " + oid + how;
  }

  private void add(OneObject object) {
    if (!(object.value instanceof Value.Numeric number)) {
      return;
    }
    String name = LabelText.name(object.of.name());
    boolean isCounter =
        number.type() == Value.NumberType.COUNTER32 || number.type() == Value.NumberType.COUNTER64;
    String help = object.of.help() + " - " + object.of.oid().prefix(object.of.oid().length() - 1);
    byName.putIfAbsent(
        name,
        new MetricFamily(
            name,
            isCounter ? "counter" : "gauge",
            help,
            MetricFamily.Lines.of(name, " " + number)));
  }

  private void addAges(String module, List<Part> all) {
    Map<TtlClass, Long> oldest = new EnumMap<>(TtlClass.class);
    for (Part part : all) {
      for (int column = 0; column < part.columns.size(); column++) {
        if (!part.reading.rows().isEmpty()) {
          long age = nowNanos - part.reading.oldestNanos(column);
          oldest.merge(part.columns.get(column).ttl(), Math.max(0, age), Math::max);
        }
      }
    }
    oldest.forEach(
        (ttl, age) ->
            ages.add(
                "{class=\"%s\",group=\"%s\",module=\"%s\"} %s"
                    .formatted(
                        ttl.name().toLowerCase(Locale.ROOT),
                        all.get(0).of.group().name(),
                        module,
                        seconds(age))));
  }

  private void addScrape(List<OfModule> modules, Times times) {
    ofScrape.add(lines(AGE, "Age of the oldest reading among those of a lifetime class.", ages));
    ofScrape.add(
        new MetricFamily(
            "snmp_scrape_duration_seconds",
            "gauge",
            "Time from the scrape's beginning until this line was written.",
            perModule(
                "snmp_scrape_duration_seconds",
                modules,
                of -> seconds(ticker.read() - times.startNanos()))));
    ofScrape.add(
        new MetricFamily(
            "snmp_scrape_pdus_returned",
            "gauge",
            "Values read, from the cache or from the system.",
            perModule("snmp_scrape_pdus_returned", modules, of -> Long.toString(attributes(of)))));
    ofScrape.add(
        new MetricFamily(
            "snmp_scrape_walk_duration_seconds",
            "gauge",
            "Time until all was read, from the cache or from the system.",
            perModule(
                "snmp_scrape_walk_duration_seconds",
                modules,
                of -> seconds(times.readNanos() - times.startNanos()))));
  }

  private static long attributes(OfModule of) {
    long attributes = of.objects.stream().filter(object -> object.value != null).count();
    for (List<Part> parts : of.groups) {
      for (Part part : parts) {
        attributes += part.reading.attributes();
      }
    }
    return attributes;
  }

  private static MetricFamily lines(String name, String help, List<String> all) {
    return new MetricFamily(name, "gauge", help, new MetricFamily.Lines(name, all));
  }

  /** What is worked out when it is written. */
  private interface Figure {
    String of(OfModule module);
  }

  private static MetricFamily.Samples perModule(
      String name, List<OfModule> modules, Figure figure) {
    return new MetricFamily.Samples() {
      @Override
      public int size() {
        return modules.size();
      }

      @Override
      public int put(int index, StringBuilder out) {
        out.append(name).append("{module=\"");
        LabelText.escape(modules.get(index).module.name(), out);
        out.append("\"} ").append(figure.of(modules.get(index))).append('\n');
        return 1;
      }
    };
  }

  private static String seconds(long nanos) {
    return Double.toString(nanos / (double) TimeUnit.SECONDS.toNanos(1));
  }
}
