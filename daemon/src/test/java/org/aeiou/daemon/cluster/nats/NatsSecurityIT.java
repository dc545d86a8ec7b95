package org.aeiou.daemon.cluster.nats;

import static org.aeiou.daemon.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Ticker;
import io.nats.client.NKey;
import io.nats.client.support.JsonSerializable;
import io.nats.client.support.JsonValue;
import io.nats.client.support.JwtUtils;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.daemon.backend.Secret;
import org.aeiou.daemon.cluster.broker.Broker.State;
import org.aeiou.daemon.cluster.lease.LeaseStore.Verdict;
import org.aeiou.daemon.cluster.nats.NatsSettings.Login;
import org.aeiou.daemon.cluster.nats.NatsSettings.Tls;
import org.aeiou.daemon.testing.Certificates;
import org.aeiou.daemon.testing.NatsServer;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whom a real server lets in, what members need there, and what people are told. */
@Needs(Needs.Thing.NATS_SERVER)
class NatsSecurityIT {
  /** The address in the certificates of tests. */
  private static final String CERTIFIED = "127.51.0.9";

  private static final Pattern EXAMPLE = Pattern.compile("```nats\n(.*?)```", Pattern.DOTALL);

  private final List<AutoCloseable> opened = new ArrayList<>();
  private final MetricSet metrics = new MetricSet();
  private NatsServer server;
  private NatsBroker broker;
  private NatsLeaseStore store;
  private NatsLearnedStore learned;

  @TempDir private Path folder;

  @AfterEach
  void close() throws Exception {
    if (server == null) {
      return;
    }
    for (AutoCloseable each : opened) {
      each.close();
    }
    server.close();
  }

  private void serve(String more) throws Exception {
    server = NatsServer.start(CERTIFIED, more);
  }

  private void connect(Login login, Tls tls) {
    NatsSettings settings =
        new NatsSettings(
            List.of(server.url()), "lab", "member", login, tls, Duration.ofSeconds(1), 1);
    assertThat(settings.toString()).doesNotContain("wonderland");
    broker = NatsBroker.connect(settings, Ticker.systemTicker(), metrics);
    store = NatsLeaseStore.connect(settings, Ticker.systemTicker(), metrics);
    learned = new NatsLearnedStore(broker, settings, metrics);
    opened.add(broker);
    opened.add(store);
  }

  private static Login password(String user, String password) {
    return new Login.Password(user, new Secret(password));
  }

  private void awaitBoth() throws Exception {
    eventually("messages", () -> broker.state() == State.CONNECTED && broker.roundTripNanos() > 0);
    eventually("leases", () -> store.problem().isEmpty());
  }

  private static Verdict verdict(Consumer<Consumer<Verdict>> call) throws Exception {
    CompletableFuture<Verdict> verdict = new CompletableFuture<>();
    call.accept(verdict::complete);
    return verdict.get(5, TimeUnit.SECONDS);
  }

  /** Does all that members do. */
  private void doAll() throws Exception {
    awaitBoth();
    CountDownLatch heard = new CountDownLatch(1);
    CountDownLatch unheard = new CountDownLatch(1);
    broker.subscribe("aeiou.lab.member.one", message -> heard.countDown());
    broker.send("aeiou.lab.member.one", new byte[] {1});
    broker.send("aeiou.lab.member.two", new byte[] {1}, unheard::countDown);
    assertThat(heard.await(5, TimeUnit.SECONDS)).isTrue();
    assertThat(unheard.await(5, TimeUnit.SECONDS)).isTrue();
    long time = Duration.ofSeconds(2).toNanos();
    Verdict made = verdict(then -> store.create(1, "a", time, then));
    long revision = ((Verdict.Stored) made).revision();
    Verdict renewed = verdict(then -> store.renew(1, revision, "b", time, then));
    long next = ((Verdict.Stored) renewed).revision();
    assertThat(verdict(then -> store.read(1, time, then))).isEqualTo(new Verdict.Found(next, "b"));
    assertThat(verdict(then -> store.release(1, next, time, then))).isEqualTo(new Verdict.Absent());
    learned.put("1", new byte[] {7});
    eventually("it is kept", () -> metrics.values().get("learned.stored") == 1);
    CompletableFuture<byte[]> value = new CompletableFuture<>();
    learned.get("1", value::complete);
    assertThat(value.get(5, TimeUnit.SECONDS)).containsExactly(7);
  }

  /** The configuration of the manual, with its files in the folder of this test. */
  private String example() throws Exception {
    Matcher example = EXAMPLE.matcher(Files.readString(Path.of("docs/nats.md")));
    assertThat(example.find()).isTrue();
    return example
        .group(1)
        .replace("/etc/nats/", folder + "/")
        .replace("/var/lib/nats", folder.resolve("store").toString());
  }

  @Test
  void theDocumentedPermissionsAreEnoughForAllThatAPollerDoes() throws Exception {
    Certificates.copy(folder);
    serve(example());
    connect(password("poller", "change me"), new Tls(folder.resolve("ca.pem"), null, null));
    doAll();
    assertThat(server.log()).doesNotContain("Violation");
  }

  @Test
  void theDocumentedPermissionsLetAReaderTalkAndHaveNoLease() throws Exception {
    Certificates.copy(folder);
    serve(example());
    connect(password("reader", "change me too"), new Tls(folder.resolve("ca.pem"), null, null));
    eventually("messages", () -> broker.state() == State.CONNECTED && broker.roundTripNanos() > 0);
    eventually("it is said", () -> store.problem().contains("permission"));
    assertThat(store.problem())
        .isEqualTo(
            "bucket 'aeiou-lab-leases': no answer in time; the account of this member needs"
                + " JetStream, and permission to publish to"
                + " '$JS.API.STREAM.INFO.KV_aeiou-lab-leases'; a server whose disk was full has to be"
                + " started again");
  }

  @Test
  void aReaderNeitherSeesNorMakesWhatTheStoreAnswersToAPoller() throws Exception {
    Certificates.copy(folder);
    serve(example());
    connect(password("reader", "change me too"), new Tls(folder.resolve("ca.pem"), null, null));
    eventually("messages", () -> broker.state() == State.CONNECTED && broker.roundTripNanos() > 0);
    broker.subscribe("aeiou-lab-leases.inbox.>", message -> {});
    broker.send("aeiou-lab-leases.inbox.any", new byte[] {1});
    eventually(
        "both are refused",
        () ->
            server.log().contains("Subscription Violation - User \"reader\"")
                && server.log().contains("Publish Violation - User \"reader\""));
  }

  @Test
  void aWrongPasswordIsToldWithoutShowingAny() throws Exception {
    serve("authorization { user: u, password: right }");
    connect(password("u", "wonderland"), null);
    eventually("it is said", () -> broker.problem().contains("login"));
    assertThat(broker.problem())
        .startsWith(server.url() + ": ")
        .containsIgnoringCase("authorization violation")
        .endsWith("; look at the login below 'cluster' and at the server's list of users")
        .doesNotContain("wonderland");
    server.configure("authorization { user: u, password: wonderland }");
    server.reload();
    awaitBoth();
  }

  @Test
  void aServerThatWantsALoginIsTold() throws Exception {
    serve("authorization { token: wonderland }");
    connect(new Login.None(), null);
    eventually("it is said", () -> broker.problem().contains("the server wants a login"));
    connect(new Login.Token(new Secret("wonderland")), null);
    awaitBoth();
  }

  @Test
  void anNkeyLetsAMemberIn() throws Exception {
    NKey user = NKey.createUser(new SecureRandom());
    serve("authorization { users: [ { nkey: %s } ] }".formatted(new String(user.getPublicKey())));
    connect(new Login.Nkey(new Secret(new String(user.getSeed()))), null);
    awaitBoth();
  }

  @Test
  void aFileOfCredentialsLetsAMemberIn() throws Exception {
    NKey operator = NKey.createOperator(new SecureRandom());
    NKey account = NKey.createAccount(new SecureRandom());
    NKey system = NKey.createAccount(new SecureRandom());
    NKey user = NKey.createUser(new SecureRandom());
    String accountId = new String(account.getPublicKey());
    String limits =
        "\"subs\":-1,\"data\":-1,\"payload\":-1,\"imports\":-1,\"exports\":-1,\"conn\":-1,"
            + "\"leaf\":-1,\"mem_storage\":-1,\"disk_storage\":-1,\"streams\":-1,\"consumer\":-1";
    serve(
        """
        operator: "%s"
        resolver: MEMORY
        system_account: %4$s
        resolver_preload: { %2$s: "%3$s", %4$s: "%5$s" }
        """
            .formatted(
                token(operator, operator, "\"type\":\"operator\",\"version\":2"),
                accountId,
                token(
                    operator,
                    account,
                    "\"limits\":{" + limits + "},\"type\":\"account\",\"version\":2"),
                new String(system.getPublicKey()),
                token(operator, system, "\"type\":\"account\",\"version\":2")));
    Path file = folder.resolve("member.creds");
    connect(new Login.Credentials(file), null);
    eventually("it is said", () -> broker.problem().contains("there is no such file"));
    String jwt = JwtUtils.issueUserJWT(account, accountId, new String(user.getPublicKey()));
    Files.writeString(
        file, JwtUtils.NATS_USER_JWT_FORMAT.formatted(jwt, new String(user.getSeed())));
    awaitBoth();
  }

  private static String token(NKey by, NKey of, String claims) throws Exception {
    JsonSerializable body =
        new JsonSerializable() {
          @Override
          public String toJson() {
            return "{" + claims + "}";
          }

          @Override
          public JsonValue toJsonValue() {
            throw new UnsupportedOperationException();
          }
        };
    return JwtUtils.issueJWT(
        by,
        new String(of.getPublicKey()),
        "test",
        null,
        JwtUtils.currentTimeSeconds(),
        new String(by.getPublicKey()),
        body);
  }

  @Test
  void certificatesAreCheckedOnBothSides() throws Exception {
    Certificates.copy(folder);
    serve(
        """
        tls { cert_file: "%1$s/server.pem", key_file: "%1$s/server.key",
              ca_file: "%1$s/ca.pem", verify: true }
        """
            .formatted(folder));
    Path authority = folder.resolve("ca.pem");
    connect(new Login.None(), null);
    eventually("it is said", () -> broker.problem().contains("the server wants TLS"));
    connect(new Login.None(), new Tls(null, null, null));
    eventually("it is said", () -> broker.problem().contains("the authority must be"));
    connect(new Login.None(), new Tls(authority, null, null));
    eventually("it is said", () -> broker.problem().contains("a certificate of its clients"));
    connect(
        new Login.None(),
        new Tls(authority, folder.resolve("client.pem"), folder.resolve("client.key")));
    awaitBoth();
  }

  @Test
  void aServerWithoutJetStreamIsExplained() throws Exception {
    serve("jetstream: disabled");
    connect(new Login.None(), null);
    eventually("messages", () -> broker.state() == State.CONNECTED);
    eventually("it is said", () -> store.problem().contains("the server has no JetStream"));
  }
}
