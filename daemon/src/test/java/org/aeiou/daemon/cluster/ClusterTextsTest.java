package org.aeiou.daemon.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.Closeable;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.aeiou.daemon.cluster.broker.Broker;
import org.aeiou.daemon.cluster.member.Epoch;
import org.aeiou.daemon.cluster.member.Member;
import org.aeiou.daemon.cluster.member.MemberState;
import org.aeiou.daemon.cluster.member.Members;
import org.aeiou.daemon.cluster.member.Role;
import org.aeiou.daemon.cluster.member.Slots;
import org.junit.jupiter.api.Test;

class ClusterTextsTest {
  private static final Instant NOW = Instant.parse("2026-11-22T08:00:00Z");

  private final AtomicLong nanos = new AtomicLong();
  private Broker.State state = Broker.State.CONNECTED;
  private Members members;
  private ClusterTexts texts;

  ClusterTextsTest() {
    begin(new Slots(8));
  }

  private void begin(Slots slots) {
    members =
        new Members(
            member("web-1", "", slots.digest(), Role.READ),
            slots,
            Duration.ofSeconds(10).toNanos(),
            said -> {},
            () -> Map.of("heap_mb", 40L),
            new com.google.common.base.Ticker() {
              @Override
              public long read() {
                return nanos.get();
              }
            });
    texts = new ClusterTexts("lab", members, new Line(), () -> List.of("none here"), () -> NOW);
  }

  private Member member(String name, String digest, String map, Role... roles) {
    return new Member(
        "id-" + name,
        name,
        Set.of(roles),
        name.equals("web-1") ? "" : "lon",
        digest,
        map,
        "1.0",
        NOW.toEpochMilli() - 3_661_000);
  }

  private void heard(String name, String digest, boolean drains, Integer... slots) {
    Map<Integer, Epoch> owned = new HashMap<>();
    for (int slot : slots) {
      owned.put(slot, new Epoch(1, 2));
    }
    members.hear(
        new MemberState(
            member(name, digest, members.slots().digest(), Role.POLL),
            1,
            drains,
            false,
            owned,
            Map.of("systems", 5L)));
  }

  @Test
  void aPersonSeesTheMembersAndWhatTheyOwn() {
    heard("poll-1", "3f9a12345678", false, 0, 1, 2, 3);
    heard("poll-2", "3f9a12345678", true, 4, 5, 6);
    nanos.set(Duration.ofMillis(400).toNanos());
    assertThat(texts.text())
        .isEqualTo(
            """
            cluster: lab
            member: web-1
            broker: connected, 0.5 ms away
            slots: 8, without an owner: 7
            leases: none here

            MEMBER   ROLE  SITE  VERSION  STATE     SLOTS  HEARD      UP        CONFIGURATION
            poll-1   poll  lon   1.0      fine      4      0.4 s ago  1 h 1 min  3f9a1234
            poll-2   poll  lon   1.0      draining  3      0.4 s ago  1 h 1 min  3f9a1234
            web-1 *  read  -     1.0      fine      0      -          1 h 1 min  -

            poll-1: systems 5
            poll-2: systems 5
            web-1: heap_mb 40
            """
                .replace("UP        CONF", "UP         CONF"));
    assertThat(texts.line())
        .isEqualTo(
            "lab: 3 members, 2 of them poll; 1 of 8 slots have no owner; broker connected, 0.5 ms"
                + " away");
  }

  @Test
  void anotherConfigurationThanMostIsNamed() {
    heard("poll-1", "aa", false, 0, 1, 2, 3, 4, 5, 6, 7);
    heard("poll-2", "aa", false);
    heard("poll-3", "bb", false);
    assertThat(texts.text())
        .contains("slots: 8, all with an owner\n")
        .contains("differs: poll-3 has another configuration than most pollers")
        .doesNotContain("differs: poll-1", "differs: web-1");
    assertThat(texts.membersText())
        .contains("\"member\":\"poll-3\"", "\"digest\":\"bb\",\"campaigns\":false");
  }

  @Test
  void aNameThatTwoMembersHaveIsToldOfUntilOneOfThemIsNotHeardOfAnyMore() {
    heard("poll-1", "aa", false, 0, 1, 2, 3, 4, 5, 6, 7);
    Member second = member("poll-1", "aa", members.slots().digest(), Role.POLL);
    Member other =
        new Member(
            "id-2",
            second.name(),
            second.roles(),
            second.site(),
            second.digest(),
            second.map(),
            second.version(),
            second.startedMillis());
    members.hear(new MemberState(other, 1, false, false, Map.of(), Map.of()));
    assertThat(texts.text())
        .contains(
            "differs: poll-1 is what 2 members are called, and what is told of owners does not say"
                + " which: give each a name of its own, with '--member' or 'member' below"
                + " 'cluster'\n");
    for (int i = 0; i < 35; i++) {
      nanos.addAndGet(Duration.ofMillis(100).toNanos());
      members.hear(new MemberState(other, 2 + i, false, false, Map.of(), Map.of()));
      members.tick();
    }
    assertThat(texts.text()).doesNotContain("differs: ");
  }

  @Test
  void ofEachSiteItIsSaidWhereItsSystemsAreAskedFrom() throws IOException {
    begin(
        new Slots(
            12,
            List.of(
                new Slots.Site("lon", List.of("lon/*")), new Slots.Site("tok", List.of("tok/*")))));
    heard("poll-1", "aa", false, 0, 1, 2, 3, 4, 5, 8);
    assertThat(texts.text())
        .contains(
            """
            slots: 12, without an owner: 6, 7, 9, 10, 11
            sites: lon has 4 slots, all owned there
            sites: tok has 4 slots, 0 of them owned there, 2 elsewhere
            leases: none here
            """);
    assertThat(texts.metrics().values()).containsEntry("far", 2L);
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      texts.writeTo(json);
      json.writeEndObject();
    }
    assertThat(text.toString())
        .contains(
            "\"sites\":[{\"site\":\"lon\",\"slots\":4,\"near\":4,\"far\":0},"
                + "{\"site\":\"tok\",\"slots\":4,\"near\":0,\"far\":2}]");
  }

  @Test
  void aMemberThatPutsSystemsIntoOtherSlotsThanMostPollersIsNamed() {
    begin(new Slots(8, List.of(new Slots.Site("lon", List.of("lon/*")))));
    members.hear(
        new MemberState(
            member("poll-1", "aa", "8", Role.POLL), 1, false, false, Map.of(), Map.of()));
    assertThat(texts.text())
        .contains(
            "differs: web-1 puts systems into other slots than most pollers, and can ask them for"
                + " nothing: make 'slots' and 'sites' below 'cluster' equal, and start it anew\n")
        .doesNotContain("differs: poll-1");
    assertThat(texts.metrics().values()).containsEntry("differing", 1L);
    assertThat(texts.membersText()).contains("\"campaigns\":false,\"other_slots\":true");
  }

  @Test
  void aMemberThatIsNotHeardOfIsSuspectAndABrokerThatIsGoneIsGone() {
    heard("poll-1", "aa", false, 0, 1, 2, 3, 4, 5, 6, 7);
    for (int i = 0; i < 35; i++) {
      nanos.addAndGet(Duration.ofMillis(100).toNanos());
      members.tick();
    }
    state = Broker.State.GONE;
    assertThat(texts.line())
        .isEqualTo(
            "lab: 2 members, 1 of them poll, 1 not heard of; all slots have an owner; broker gone");
    assertThat(texts.membersText()).contains("\"state\":\"suspect\"");
  }

  @Test
  void aProgramReadsAnObjectALine() {
    heard("poll-1", "aa", false, 3);
    assertThat(texts.membersText())
        .isEqualTo(
            """
            {"member":"poll-1","id":"id-poll-1","self":false,"roles":["poll"],"site":"lon","version":"1.0","digest":"aa","campaigns":true,"other_slots":false,"state":"fine","started_ms":1795330739000,"heard_ms_ago":0,"slots":1,"figures":{"systems":5}}
            {"member":"web-1","id":"id-web-1","self":true,"roles":["read"],"site":"","version":"1.0","digest":"","campaigns":false,"other_slots":false,"state":"fine","started_ms":1795330739000,"heard_ms_ago":0,"slots":0,"figures":{"heap_mb":40}}
            """);
  }

  /** A line to a broker that carries nothing. */
  private final class Line implements Broker {
    @Override
    public boolean send(String subject, byte[] message) {
      return false;
    }

    @Override
    public boolean send(String subject, byte[] message, Runnable unheard) {
      return false;
    }

    @Override
    public Closeable subscribe(String subject, Consumer<byte[]> handler) {
      return () -> {};
    }

    @Override
    public State state() {
      return state;
    }

    @Override
    public void listen(Consumer<State> listener) {}

    @Override
    public int mostBytes() {
      return 0;
    }

    @Override
    public long roundTripNanos() {
      return 500_000;
    }

    @Override
    public void close() {}
  }
}
