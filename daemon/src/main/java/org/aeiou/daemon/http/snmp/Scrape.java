package org.aeiou.daemon.http.snmp;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.AttributeGroup.Attribute;
import org.aeiou.daemon.catalogue.TtlClass;
import org.aeiou.daemon.http.snmp.ModuleExport.OfGroup;
import org.aeiou.daemon.http.snmp.ModuleExport.OfObject;
import org.aeiou.daemon.service.AttributeService;
import org.aeiou.daemon.service.group.GroupReading;
import org.aeiou.daemon.tree.AttributeFile;
import org.aeiou.daemon.tree.Node;

/**
 * One scrape: asks for all that its modules export, in one burst, and ends once: when all of it is
 * there, or when something cannot be had. No thread waits.
 *
 * <p>A table is read in two parts where that is less work: what hardly changes is then fetched
 * seldom, and only states and counters with each scrape.
 */
final class Scrape {
  private final AttributeService service;
  private final Requester requester;
  private final ScrapeQuery query;
  private final long deadlineNanos;
  private final Consumer<Failure<?>> end;

  private final List<OfModule> modules = new ArrayList<>();
  private final AtomicInteger missing = new AtomicInteger(1);
  private final AtomicBoolean ended = new AtomicBoolean();

  /** What was read for a module. */
  static final class OfModule {
    final ModuleExport module;

    /** The parts of each group. */
    final List<List<Part>> groups = new ArrayList<>();

    final List<OneObject> objects = new ArrayList<>();

    OfModule(ModuleExport module) {
      this.module = module;
    }
  }

  /** Attributes of a group that are read together. */
  static final class Part {
    final OfGroup of;
    final List<Attribute> columns;

    /** Written before the count of what is missing goes down, read after it is nought. */
    GroupReading reading;

    Part(OfGroup of, List<Attribute> columns) {
      this.of = of;
      this.columns = columns;
    }
  }

  /** An object that is read alone. */
  static final class OneObject {
    final OfObject of;

    /** As of {@link Part#reading}; null if the system does not have it. */
    Value value;

    OneObject(OfObject of) {
      this.of = of;
    }
  }

  /**
   * A scrape.
   *
   * @param deadlineNanos by the scheduler's ticker
   * @param end runs once, on any thread, which it must not hold up: with null when all is there
   */
  Scrape(
      AttributeService service,
      Requester requester,
      ScrapeQuery query,
      long deadlineNanos,
      Consumer<Failure<?>> end) {
    this.service = service;
    this.requester = requester;
    this.query = query;
    this.deadlineNanos = deadlineNanos;
    this.end = end;
  }

  void start() {
    for (ModuleExport module : query.modules()) {
      OfModule of = new OfModule(module);
      for (OfGroup group : module.groups()) {
        of.groups.add(parts(group));
      }
      module.objects().forEach(object -> of.objects.add(new OneObject(object)));
      modules.add(of);
    }
    RequesterBurst burst = begin();
    for (OfModule of : modules) {
      for (List<Part> parts : of.groups) {
        parts.forEach(part -> ask(part.of.group().name(), burst, node -> read(part, node)));
      }
      for (OneObject object : of.objects) {
        ask(".oid/" + object.of.oid(), burst, node -> read(object, node));
      }
    }
    burst.end();
    oneLess();
  }

  /** Ends it now, whatever is missing; false if it had ended. */
  boolean giveUp(Failure<?> why) {
    return fail(why);
  }

  /** What was read; after it ended well. */
  List<OfModule> modules() {
    return modules;
  }

  /** How a group is read: at once, or what hardly changes apart. */
  static List<Part> parts(OfGroup of) {
    if (of.metrics().isEmpty()) {
      return List.of();
    }
    List<Attribute> all =
        Stream.concat(of.metrics().stream(), of.labels().stream()).distinct().toList();
    if (!(of.group() instanceof AttributeGroup.Table table)) {
      return List.of(new Part(of, all));
    }
    List<Attribute> slow = all.stream().filter(Scrape::isSlow).toList();
    List<Attribute> fast = all.stream().filter(each -> !isSlow(each)).toList();
    // Each walk has the columns that name the rows as well.
    return fast.isEmpty() || slow.size() <= table.walk().size()
        ? List.of(new Part(of, all))
        : List.of(new Part(of, fast), new Part(of, slow));
  }

  private static boolean isSlow(Attribute attribute) {
    return attribute.ttl() == TtlClass.STATIC || attribute.ttl() == TtlClass.CONFIG;
  }

  private RequesterBurst begin() {
    RequesterBurst burst = requester.begin();
    burst.deadline(deadlineNanos);
    return burst;
  }

  /** Reads what is found. */
  private interface Read {
    void with(RequesterBurst burst);
  }

  /** What to do with a node that was found. */
  private interface Found {
    Read read(Node node);
  }

  private void ask(String path, RequesterBurst burst, Found found) {
    missing.incrementAndGet();
    var unused =
        service.<Void>resolve(
            requester,
            query.system() + "/" + path,
            (none, outcome, late) -> {
              if (!(outcome instanceof Reading<Node> reading)) {
                fail((Failure<?>) outcome);
                return;
              }
              Read read = found.read(reading.value());
              if (!late) {
                read.with(burst);
                return;
              }
              RequesterBurst own = begin();
              read.with(own);
              own.end();
            },
            null);
  }

  private Read read(Part part, Node directory) {
    List<String> names = part.columns.stream().map(Attribute::name).toList();
    return burst -> {
      var unused =
          service.<Void>readFreshGroup(
              burst,
              directory,
              names,
              (none, outcome, late) -> {
                if (outcome instanceof Reading<GroupReading> reading) {
                  part.reading = reading.value();
                  oneLess();
                } else {
                  fail((Failure<?>) outcome);
                }
              },
              null);
    };
  }

  private Read read(OneObject object, Node file) {
    return burst -> {
      var unused =
          service.<Void>readValue(
              burst,
              (AttributeFile) file,
              (none, outcome, late) -> {
                if (isOfTheSystem(outcome)) {
                  fail((Failure<?>) outcome);
                  return;
                }
                object.value = outcome instanceof Reading<Value> reading ? reading.value() : null;
                oneLess();
              },
              null);
    };
  }

  /** Whether it is a failure of more than this one object. */
  private static boolean isOfTheSystem(Outcome<?> outcome) {
    return outcome instanceof Failure<?> failure
        && failure.reason() != Failure.Reason.BAD_ANSWER
        && failure.reason() != Failure.Reason.UNKNOWN_NAME;
  }

  private void oneLess() {
    if (missing.decrementAndGet() == 0 && ended.compareAndSet(false, true)) {
      end.accept(null);
    }
  }

  private boolean fail(Failure<?> why) {
    boolean isFirst = ended.compareAndSet(false, true);
    if (isFirst) {
      end.accept(why);
    }
    return isFirst;
  }
}
