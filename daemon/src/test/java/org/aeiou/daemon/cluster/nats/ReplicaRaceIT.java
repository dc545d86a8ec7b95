package org.aeiou.daemon.cluster.nats;

import static org.aeiou.daemon.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.nats.client.Connection;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.aeiou.daemon.cluster.nats.JetStream.RefusedException;
import org.aeiou.daemon.testing.NatsServer;
import org.aeiou.daemon.testing.Needs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A cluster of three real servers, of a version that is known to give one lease to several. */
@Needs(Needs.Thing.NATS_SERVER)
class ReplicaRaceIT {
  private static final String HOST = "127.62.0.2";

  private final List<NatsServer> servers = new ArrayList<>();
  private Connection connection;
  private JetStream server;

  @BeforeEach
  void start() throws Exception {
    List<Integer> ports = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      try (ServerSocket free = new ServerSocket(0)) {
        ports.add(free.getLocalPort());
      }
    }
    String routes =
        ports.stream()
            .map(port -> "nats-route://" + HOST + ":" + port)
            .collect(Collectors.joining(", "));
    for (int port : ports) {
      servers.add(
          NatsServer.start(
              HOST,
              "cluster { name: c, listen: \"%s:%d\", routes: [ %s ] }"
                  .formatted(HOST, port, routes)));
    }
    connection =
        Nats.connect(
            new Options.Builder().server(servers.get(0).url()).reportNoResponders().build());
    server = new JetStream(connection);
  }

  @AfterEach
  void stop() throws Exception {
    connection.close();
    for (NatsServer each : servers) {
      each.close();
    }
  }

  private Bucket bucket(int replicas) throws Exception {
    Bucket bucket = new Bucket("lab-" + replicas, Duration.ofSeconds(10), replicas, 1 << 20);
    eventually(
        "it is there",
        () -> {
          try {
            bucket.open(server);
            return true;
          } catch (RefusedException e) {
            return false;
          }
        });
    return bucket;
  }

  @Test
  void theRaceTellsABucketThatGivesALeaseTwiceFromOneThatDoesNot() throws Exception {
    assertThat(ReplicaRace.race(server, bucket(1))).isZero();
    assertThat(ReplicaRace.race(server, bucket(3))).isPositive();
  }
}
