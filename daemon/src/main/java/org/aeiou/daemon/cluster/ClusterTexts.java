package org.aeiou.daemon.cluster;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.metric.Unit;
import org.aeiou.daemon.cluster.broker.Broker;
import org.aeiou.daemon.cluster.member.Member;
import org.aeiou.daemon.cluster.member.Members;
import org.aeiou.daemon.cluster.member.Owner;
import org.aeiou.daemon.cluster.member.Role;

/** How the cluster is, as this member sees it: the files of {@code /.aeiou} that show it. */
public final class ClusterTexts {
  private static final JsonFactory JSON = new JsonFactory();

  /** So much of a digest tells configurations apart for a person. */
  private static final int DIGEST = 8;

  /** More slots than these are not listed one by one. */
  private static final int MOST_LISTED = 32;

  private final String cluster;
  private final Members members;
  private final Differing differing;
  private final Broker broker;
  private final Supplier<List<String>> leases;
  private final InstantSource clock;
  private final MetricSet metrics = new MetricSet();

  /**
   * Texts about a cluster.
   *
   * @param leases what there is to say of the leases of this member, a line each
   */
  public ClusterTexts(
      String cluster,
      Members members,
      Broker broker,
      Supplier<List<String>> leases,
      InstantSource clock) {
    this.cluster = cluster;
    this.members = members;
    this.differing = new Differing(members);
    this.broker = broker;
    this.leases = leases;
    this.clock = clock;
    metrics.gauge(
        "connected",
        Unit.COUNT,
        "Whether messages reach the broker: 1 if they do, else 0.",
        () -> broker.state() == Broker.State.CONNECTED ? 1 : 0);
    metrics.gauge("slots", Unit.COUNT, "Slots that systems are in.", () -> members.slots().count());
    metrics.gauge(
        "free", Unit.COUNT, "Slots that no member owns, as far as is known.", () -> free().size());
    metrics.gauge(
        "suspect",
        Unit.COUNT,
        "Members that were not heard of lately.",
        () -> members.all().stream().filter(Members.Seen::suspect).count());
    metrics.gauge(
        "draining",
        Unit.COUNT,
        "Members that give their slots away.",
        () -> members.all().stream().filter(seen -> seen.state().draining()).count());
    metrics.gauge(
        "differing",
        Unit.COUNT,
        "Members with another configuration than most pollers: they take no more slots, or can read"
            + " nothing of others.",
        () -> differing.configurations().size());
    metrics.gauge(
        "far",
        Unit.COUNT,
        "Slots of sites that are owned by members of other sites.",
        () -> SiteShare.all(members).stream().mapToLong(SiteShare::far).sum());
  }

  /** How many members and slots there are of each kind. */
  public MetricSet metrics() {
    return metrics;
  }

  /** In a line, for the status of a mount. */
  public String line() {
    List<Members.Seen> all = members.all();
    long polling = all.stream().filter(seen -> seen.state().member().polls()).count();
    long suspect = all.stream().filter(Members.Seen::suspect).count();
    int free = free().size();
    return "%s: %d members, %d of them poll%s; %s; broker %s"
        .formatted(
            cluster,
            all.size(),
            polling,
            suspect == 0 ? "" : ", " + suspect + " not heard of",
            free == 0
                ? "all slots have an owner"
                : free + " of " + members.slots().count() + " slots have no owner",
            broker());
  }

  private String broker() {
    String state = broker.state().name().toLowerCase(Locale.ROOT);
    return broker.state() == Broker.State.CONNECTED && broker.roundTripNanos() >= 0
        ? state + ", " + millis(broker.roundTripNanos()) + " ms away"
        : state;
  }

  /** As in {@code 0.3}. */
  public static String millis(long nanos) {
    return "%.1f".formatted(nanos / 1e6);
  }

  private List<Integer> free() {
    List<Integer> free = new ArrayList<>();
    for (int slot = 0; slot < members.slots().count(); slot++) {
      if (members.of(slot) == null) {
        free.add(slot);
      }
    }
    return free;
  }

  /** For people: the members in a table, and what else there is to say. */
  public String text() {
    List<Members.Seen> all = sorted();
    StringBuilder text = new StringBuilder();
    text.append("cluster: ").append(cluster).append('\n');
    text.append("member: ").append(members.self().name()).append('\n');
    text.append("broker: ").append(broker()).append('\n');
    List<Integer> free = free();
    text.append("slots: ")
        .append(members.slots().count())
        .append(free.isEmpty() ? ", all with an owner" : ", without an owner: " + listed(free))
        .append('\n');
    for (SiteShare share : SiteShare.all(members)) {
      text.append("sites: ").append(share.line()).append('\n');
    }
    leases.get().forEach(line -> text.append("leases: ").append(line).append('\n'));
    differing.lines().forEach(line -> text.append("differs: ").append(line).append('\n'));
    text.append('\n');
    List<List<String>> rows = new ArrayList<>();
    rows.add(
        List.of(
            "MEMBER", "ROLE", "SITE", "VERSION", "STATE", "SLOTS", "HEARD", "UP", "CONFIGURATION"));
    all.forEach(seen -> rows.add(row(seen)));
    columns(text, rows);
    text.append('\n');
    for (Members.Seen seen : all) {
      Map<String, Long> figures = new TreeMap<>(seen.state().figures());
      if (!figures.isEmpty()) {
        text.append(seen.state().member().name())
            .append(": ")
            .append(
                figures.entrySet().stream()
                    .map(figure -> figure.getKey() + " " + figure.getValue())
                    .collect(Collectors.joining(", ")))
            .append('\n');
      }
    }
    return text.toString();
  }

  private List<Members.Seen> sorted() {
    return members.all().stream()
        .sorted(
            Comparator.comparing((Members.Seen seen) -> seen.state().member().name())
                .thenComparing(seen -> seen.state().member().id()))
        .toList();
  }

  private static String listed(List<Integer> slots) {
    String first =
        slots.stream().limit(MOST_LISTED).map(String::valueOf).collect(Collectors.joining(", "));
    return slots.size() <= MOST_LISTED
        ? first
        : first + ", and " + (slots.size() - MOST_LISTED) + " more";
  }

  private List<String> row(Members.Seen seen) {
    Member member = seen.state().member();
    return List.of(
        member.name() + (seen.isSelf() ? " *" : ""),
        member.roles().stream()
            .sorted()
            .map(role -> role.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(",")),
        member.site().isEmpty() ? "-" : member.site(),
        member.version(),
        state(seen),
        Long.toString(owned(member)),
        seen.isSelf() ? "-" : "%.1f s ago".formatted(seen.agoNanos() / 1e9),
        age(Duration.ofMillis(Math.max(0, clock.millis() - member.startedMillis()))),
        member.digest().isEmpty()
            ? "-"
            : member.digest().substring(0, Math.min(DIGEST, member.digest().length())));
  }

  private static String state(Members.Seen seen) {
    if (seen.suspect()) {
      return "suspect";
    }
    return seen.state().leaving() ? "leaving" : seen.state().draining() ? "draining" : "fine";
  }

  /** How many slots are its own: what it says of itself may be overtaken. */
  private long owned(Member member) {
    long owned = 0;
    for (int slot = 0; slot < members.slots().count(); slot++) {
      Owner owner = members.of(slot);
      if (owner != null && owner.member().id().equals(member.id())) {
        owned++;
      }
    }
    return owned;
  }

  private static String age(Duration age) {
    if (age.toDays() > 0) {
      return age.toDays() + " d " + age.toHoursPart() + " h";
    }
    return age.toHours() > 0
        ? age.toHours() + " h " + age.toMinutesPart() + " min"
        : age.toMinutes() > 0
            ? age.toMinutes() + " min " + age.toSecondsPart() + " s"
            : age.toSeconds() + " s";
  }

  private static void columns(StringBuilder text, List<List<String>> rows) {
    int[] widths = new int[rows.get(0).size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        line.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length() + 2));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
  }

  /** For programs: a JSON object a line for each member. */
  public String membersText() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.setRootValueSeparator(null);
      for (Members.Seen seen : sorted()) {
        write(seen, json);
        json.writeRaw('\n');
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // a StringWriter throws none
    }
    return text.toString();
  }

  /** All of it, as fields of an object that is being written. */
  public void writeTo(JsonGenerator json) throws IOException {
    json.writeStringField("cluster", cluster);
    json.writeStringField("member", members.self().name());
    json.writeObjectFieldStart("broker");
    json.writeStringField("state", broker.state().name().toLowerCase(Locale.ROOT));
    if (broker.roundTripNanos() >= 0) {
      json.writeNumberField(
          "round_trip_us", TimeUnit.NANOSECONDS.toMicros(broker.roundTripNanos()));
    }
    json.writeEndObject();
    json.writeNumberField("slots", members.slots().count());
    json.writeArrayFieldStart("free");
    for (int slot : free()) {
      json.writeNumber(slot);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("sites");
    for (SiteShare share : SiteShare.all(members)) {
      share.writeTo(json);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("leases");
    for (String line : leases.get()) {
      json.writeString(line);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("members");
    for (Members.Seen seen : sorted()) {
      write(seen, json);
    }
    json.writeEndArray();
  }

  /** The name of the cluster. */
  public String name() {
    return cluster;
  }

  private void write(Members.Seen seen, JsonGenerator json) throws IOException {
    Member member = seen.state().member();
    json.writeStartObject();
    json.writeStringField("member", member.name());
    json.writeStringField("id", member.id());
    json.writeBooleanField("self", seen.isSelf());
    json.writeArrayFieldStart("roles");
    for (Role role : member.roles().stream().sorted().toList()) {
      json.writeString(role.name().toLowerCase(Locale.ROOT));
    }
    json.writeEndArray();
    json.writeStringField("site", member.site());
    json.writeStringField("version", member.version());
    json.writeStringField("digest", member.digest());
    json.writeBooleanField(
        "campaigns", members.electorate().has(member.id()) && !seen.state().draining());
    json.writeBooleanField("other_slots", differing.hasOtherSlots(member));
    json.writeStringField("state", state(seen));
    json.writeNumberField("started_ms", member.startedMillis());
    json.writeNumberField("heard_ms_ago", TimeUnit.NANOSECONDS.toMillis(seen.agoNanos()));
    json.writeNumberField("slots", owned(member));
    json.writeObjectFieldStart("figures");
    for (Map.Entry<String, Long> figure : new TreeMap<>(seen.state().figures()).entrySet()) {
      json.writeNumberField(figure.getKey(), figure.getValue());
    }
    json.writeEndObject();
    json.writeEndObject();
  }
}
