package org.aeiou.daemon.tree;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.exchange.Health;
import org.aeiou.closures.exchange.Learned;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.Catalogue;
import org.aeiou.daemon.catalogue.TtlClass;
import org.aeiou.daemon.endpoint.Endpoint;
import org.aeiou.daemon.metrics.EventRing;

/**
 * {@code /core1}: the groups that the system has. A group is found whether the system has it or
 * not. In a tree that shows one TTL class there are attributes only, and no group without any.
 */
record SystemDirectory(Catalogue catalogue, View view, TtlClass only, MonitoredSystem system)
    implements Directory {
  static final String OID = ".oid";
  static final String HEALTH = ".health";
  static final String EVENTS = ".events";

  /** Of an object identifier's numbers, those that name a module of MIB-2, or a maker. */
  private static final int MODULE = 7;

  /** A group of scalars that may be there is asked for so many of them without being probed. */
  private static final int FEW_SCALARS = 8;

  private static final Question KIND = Question.Get.withProbes(Catalogue.KIND);

  @Override
  public String toString() {
    return system.name();
  }

  @Override
  public String name() {
    return system.name().substring(system.name().lastIndexOf('/') + 1);
  }

  SystemDirectory in(View otherView, TtlClass otherOnly) {
    return of(catalogue, otherView, otherOnly, system);
  }

  /** The directory of a system: in the trees that show all classes always the same object. */
  static SystemDirectory of(Catalogue catalogue, View view, TtlClass only, MonitoredSystem system) {
    return only == null
        ? objects(catalogue, view, system).parent()
        : new SystemDirectory(catalogue, view, only, system);
  }

  /** Its objects by number. */
  OidDirectory objects() {
    return only == null ? objects(catalogue, view, system) : new OidDirectory(this);
  }

  /** What happened to it lately. */
  EventsFile events() {
    return new EventsFile(this);
  }

  private static OidDirectory objects(Catalogue catalogue, View view, MonitoredSystem system) {
    return (OidDirectory)
        system.once(
            view, () -> new OidDirectory(new SystemDirectory(catalogue, view, null, system)));
  }

  private boolean shows(AttributeGroup group) {
    return only == null || group.attributes().stream().anyMatch(this::shows);
  }

  /**
   * Whether there is anything of each module that groups are of, in one packet: what comes first in
   * a module tells of most of its groups, and of modules that are not there no group is asked for.
   * What only systems of some kinds are asked for is not among them.
   */
  @Override
  public List<Question> toList() {
    Set<Question> modules = new LinkedHashSet<>();
    for (AttributeGroup group : catalogue.groups()) {
      if (shows(group) && group.systems().isEmpty()) {
        modules.add(module(group));
      }
    }
    return List.copyOf(modules);
  }

  private static Question module(AttributeGroup group) {
    Oid probe = group.probe();
    return new Question.Probe(probe.prefix(Math.min(MODULE, probe.length())));
  }

  /** What is known of a group's own probe, or follows from its module's; null if nothing does. */
  private static Outcome<Value> probed(AttributeGroup group, Answers known) {
    Outcome<Value> own = known.to(probe(group));
    if (own != null || !group.systems().isEmpty()) {
      return own;
    }
    Outcome<Value> module = known.to(module(group));
    if (module instanceof Reading<Value> reading
        && reading.value() instanceof Value.Identifier first) {
      if (first.oid().startsWith(group.probe())) {
        return module;
      }
      // What is before the first object there is, is not there.
      return first.oid().compareTo(group.probe()) > 0
          ? new Absent<>(reading.takenNanos(), reading.takenMillis())
          : null;
    }
    return module instanceof Absent ? module : null;
  }

  /** Whether a group's own probe is to be asked, if it is not known. */
  private static boolean isProbed(AttributeGroup group, Oid kind, Answers known) {
    return group.systems().isEmpty()
        ? known.to(module(group)) != null
        : kind != null && group.isOn(kind);
  }

  private static Question probe(AttributeGroup group) {
    return new Question.Probe(group.probe());
  }

  /**
   * What kind of system this is, beside the modules; then the probes of groups that may be there,
   * and of its kind, beside the scalars of groups that are there.
   */
  @Override
  public List<Unknown> toOmit(Answers known, long nowNanos) {
    Endpoint endpoint = system.endpoint();
    if (endpoint == null || !endpoint.omitsAbsent() || view == View.CACHED) {
      return List.of();
    }
    Oid kind = kind(known);
    List<Unknown> unknown = new ArrayList<>();
    boolean isKindWanted = false;
    for (AttributeGroup group : catalogue.groups()) {
      if (!shows(group)) {
        continue;
      }
      isKindWanted |= !group.systems().isEmpty();
      Outcome<Value> probed = probed(group, known);
      boolean isAsked = probed == null && isProbed(group, kind, known);
      if (isAsked) {
        unknown.add(new Unknown(probe(group), this));
      }
      if (group instanceof AttributeGroup.Scalars scalars
          && (isAsked || probed instanceof Reading)) {
        List<Unknown> values = new ScalarsDirectory(this, scalars).unknown(known);
        if (!isAsked || values.size() <= FEW_SCALARS) {
          unknown.addAll(values);
        }
      }
    }
    if (isKindWanted && known.to(KIND) == null) {
      unknown.add(new Unknown(KIND, this));
    }
    return unknown;
  }

  /** What the system says to be; null if that is not known. */
  private static Oid kind(Answers known) {
    return known.to(KIND) instanceof Reading<Value> reading
            && reading.value() instanceof Value.Identifier identifier
        ? identifier.oid()
        : null;
  }

  @Override
  public Node find(String name, Answers answers) {
    if (name.equals(HEALTH)) {
      return only == null ? new HealthFile(this) : null;
    }
    if (name.equals(OID)) {
      return only == null ? objects() : null;
    }
    if (name.equals(EVENTS)) {
      return only == null && view == View.NORMAL ? events() : null;
    }
    AttributeGroup group = catalogue.group(name);
    return group == null || !shows(group) ? null : directory(group);
  }

  @Override
  public List<Named> list(Answers answers) {
    List<Named> names = new ArrayList<>();
    if (only == null) {
      names.add(new Named(HEALTH, new HealthFile(this)));
    }
    for (AttributeGroup group : catalogue.groups()) {
      if (shows(group) && isThere(group, probed(group, answers))) {
        names.add(new Named(group.name(), directory(group)));
      }
    }
    return names;
  }

  /**
   * If its probe went wrong the group may be there: it is listed, and reading it tells. If only
   * systems of some kinds are asked, and this was not, it is another kind.
   */
  private static boolean isThere(AttributeGroup group, Outcome<Value> probed) {
    return !(probed instanceof Absent) && (probed != null || group.systems().isEmpty());
  }

  private Directory directory(AttributeGroup group) {
    return group instanceof AttributeGroup.Table table
        ? new TableDirectory(this, table)
        : new ScalarsDirectory(this, (AttributeGroup.Scalars) group);
  }

  /**
   * {@code /core1/.health}: what is known of how the system answers, as {@code key: value} lines.
   */
  static final class HealthFile extends NodeBelow<SystemDirectory> implements TextFile {

    HealthFile(SystemDirectory parent) {
      super(parent, HEALTH);
    }

    @Override
    Object key() {
      return HEALTH;
    }

    @Override
    public String name() {
      return HEALTH;
    }

    @Override
    public String text() {
      Endpoint endpoint = system().endpoint();
      if (endpoint == null) {
        return "state: removed\n";
      }
      Health health = endpoint.queue().health();
      StringBuilder text = new StringBuilder();
      line(text, "state", state(health));
      line(text, "breaker", health.breaker().name().toLowerCase(Locale.ROOT).replace('_', '-'));
      line(text, "last_error", health.lastError() == null ? "none" : health.lastError());
      line(
          text,
          "rtt_us",
          health.rttNanos() < 0 ? "unknown" : Long.toString(health.rttNanos() / 1000));
      if (health.leastRttNanos() >= 0) {
        line(text, "least_rtt_us", Long.toString(health.leastRttNanos() / 1000));
      }
      line(text, "notes", health.notes().isEmpty() ? "none" : String.join("; ", health.notes()));
      line(text, "batch_limit", Integer.toString(health.batchLimit()));
      learned(text, health.learned());
      endpoint.profile().all().forEach((fact, value) -> line(text, fact, value));
      endpoint.place().get().forEach((fact, value) -> line(text, fact, value));
      line(text, "in_flight", Integer.toString(health.inFlight()));
      line(text, "queued", Integer.toString(health.queued()));
      if (health.pace() != null) {
        line(text, "pace", pace(health.pace()));
      }
      health.progress().forEach(work -> line(text, "progress", work));
      line(text, "cached", Integer.toString(endpoint.cache().answered()));
      return text.toString();
    }

    /** The limits that were found out; what is not there is as configured. */
    private static void learned(StringBuilder text, Learned learned) {
      if (learned.inFlight() != null) {
        line(text, "in_flight_limit", Long.toString(learned.inFlight().value()));
      }
      if (learned.gapNanos() != null) {
        line(text, "gap_ms", Long.toString(learned.gapNanos().value() / 1_000_000));
      }
      if (learned.roundTripNanos() >= 0) {
        line(text, "rtt_variation_us", Long.toString(learned.variationNanos() / 1000));
      }
    }

    private static String state(Health health) {
      if (health.breaker() != Health.BreakerState.CLOSED) {
        return "down";
      }
      return health.rttNanos() < 0 ? "unknown" : "up";
    }

    /** As in {@code 20 a second, 1 at once; budget site-lon, …; 7 waited, 350 ms in all}. */
    private static String pace(Health.Pace pace) {
      List<String> said = new ArrayList<>();
      if (pace.rate() != null) {
        said.add(pace.rate().toString());
      }
      if (pace.budget() != null) {
        said.add("shares the budget of " + pace.budget() + ", " + pace.budgetRate());
      }
      long millis = TimeUnit.NANOSECONDS.toMillis(pace.waitedNanos());
      said.add(pace.waited() + " exchanges waited, " + millis + " ms in all");
      if (pace.waits()) {
        said.add("one waits now");
      }
      return String.join("; ", said);
    }

    private static void line(StringBuilder text, String key, String value) {
      text.append(key).append(": ").append(value.replace('\n', ' ')).append('\n');
    }
  }

  /** {@code /core1/.events}: what happened to a system lately. */
  static final class EventsFile extends NodeBelow<SystemDirectory> implements TextFile.Growing {
    EventsFile(SystemDirectory parent) {
      super(parent, EVENTS);
    }

    @Override
    Object key() {
      return EVENTS;
    }

    @Override
    public String name() {
      return EVENTS;
    }

    @Override
    public EventRing events() {
      return system().events();
    }
  }
}
