package org.aeiou.daemon.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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

  /** Without the probes of which only systems of some kinds are asked. */
  @Override
  public List<Question> toList() {
    List<Question> probes = new ArrayList<>();
    for (AttributeGroup group : catalogue.groups()) {
      if (shows(group) && group.systems().isEmpty()) {
        probes.add(probe(group));
      }
    }
    return probes;
  }

  private static Question probe(AttributeGroup group) {
    return new Question.Probe(group.probe());
  }

  /**
   * What kind of system this is, beside the probes of all systems; then the probes of its kind,
   * beside the scalars that were found.
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
      boolean isOfKinds = !group.systems().isEmpty();
      isKindWanted |= isOfKinds;
      Outcome<Value> probed = known.to(probe(group));
      if (probed == null && isOfKinds && kind != null && group.isOn(kind)) {
        unknown.add(new Unknown(probe(group), this));
      } else if (probed instanceof Reading && group instanceof AttributeGroup.Scalars scalars) {
        unknown.addAll(new ScalarsDirectory(this, scalars).unknown(known));
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
      if (shows(group) && isThere(group, answers.to(probe(group)))) {
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
