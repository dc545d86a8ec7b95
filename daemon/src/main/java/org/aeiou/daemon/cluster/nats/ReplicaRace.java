package org.aeiou.daemon.cluster.nats;

import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.api.PublishAck;
import io.nats.client.api.ServerInfo;
import io.nats.client.impl.Headers;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.aeiou.daemon.cluster.nats.JetStream.RefusedException;

/**
 * Whether a bucket on several servers stores one of several updates of a revision, and refuses the
 * others. Servers before 2.11 do not: they look at the revision before they agree on the update, so
 * that two members would have one lease.
 */
final class ReplicaRace {
  private static final String LEAST_VERSION = "2.11.0";
  private static final int ROUNDS = 300;
  private static final int CONTENDERS = 3;
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final byte[] NOTHING = new byte[0];

  private ReplicaRace() {}

  /** Refuses servers of which it is known; before a bucket is made. */
  static void checkVersion(JetStream server, Bucket bucket, int replicas) throws RefusedException {
    ServerInfo info = server.connection().getServerInfo();
    if (replicas > 1 && info.isOlderThanVersion(LEAST_VERSION)) {
      throw new RefusedException(
          refusal(bucket, replicas)
              + "; servers before "
              + LEAST_VERSION
              + ", as this "
              + info.getVersion()
              + ", give one lease to several members then. "
              + remedy(bucket),
          false);
    }
  }

  /** Tries it. Waits for the server. */
  static void check(JetStream server, Bucket bucket, int replicas) throws RefusedException {
    checkVersion(server, bucket, replicas);
    int failed = replicas > 1 ? race(server, bucket) : 0;
    if (failed > 0) {
      throw new RefusedException(
          refusal(bucket, replicas)
              + "; of "
              + ROUNDS
              + " updates of a revision "
              + failed
              + " had not one winner, so that one lease could have several owners. "
              + remedy(bucket),
          false);
    }
  }

  private static String refusal(Bucket bucket, int replicas) {
    return "bucket '" + bucket.name() + "' is to be kept on " + replicas + " servers";
  }

  private static String remedy(Bucket bucket) {
    return "Write 'replicas: 1' below 'cluster'; if the bucket is there, stop all members and delete"
        + " it: nats kv del "
        + bucket.name();
  }

  /** In how many of the rounds not one of the contenders won. */
  static int race(JetStream server, Bucket bucket) throws RefusedException {
    String inbox = server.connection().createInbox();
    String subject = bucket.subject("race-" + inbox.substring(inbox.lastIndexOf('.') + 1));
    int failed = 0;
    try {
      for (int round = 0; round < ROUNDS; round++) {
        long revision =
            new PublishAck(server.ask(subject, null, NOTHING, PATIENCE).join()).getSeqno();
        Headers expected = new Headers().put(JetStream.EXPECTED_REVISION, Long.toString(revision));
        List<CompletableFuture<Message>> contenders = new ArrayList<>();
        for (int i = 0; i < CONTENDERS; i++) {
          contenders.add(server.ask(subject, expected, NOTHING, PATIENCE));
        }
        int winners = 0;
        for (CompletableFuture<Message> contender : contenders) {
          winners += won(contender.join()) ? 1 : 0;
        }
        failed += winners == 1 ? 0 : 1;
      }
    } catch (CompletionException | CancellationException | IOException | JetStreamApiException e) {
      throw new RefusedException(
          "bucket '" + bucket.name() + "': its replicas could not be tried: " + Explained.of(e),
          false);
    }
    return failed;
  }

  private static boolean won(Message answer) throws IOException {
    try {
      new PublishAck(answer);
      return true;
    } catch (JetStreamApiException e) {
      return false;
    }
  }
}
