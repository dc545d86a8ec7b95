package org.aeiou.daemon.cluster.nats;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nats.client.api.KeyValueConfiguration;
import io.nats.client.api.StorageType;
import io.nats.client.api.StreamConfiguration;
import io.nats.client.api.StreamInfo;
import java.time.Duration;
import org.aeiou.daemon.cluster.nats.JetStream.RefusedException;

/**
 * A key-value bucket: made if it is not there, and looked at if it is. One that is not as it must
 * be is explained, and left as it is.
 *
 * @param name as {@code nats kv} shows it
 * @param maxAge after which a key ends that is not updated; zero if keys stay
 */
record Bucket(String name, Duration maxAge, int replicas, long mostBytes) {
  private static final byte[] NOTHING = new byte[0];

  String stream() {
    return "KV_" + name;
  }

  String subject(String key) {
    return "$KV." + name + "." + key;
  }

  /** Looks at it; makes it if it is not there. Waits for the server. */
  StreamInfo open(JetStream server) throws RefusedException, InterruptedException {
    if (!server.connection().getServerInfo().isJetStreamAvailable()) {
      throw new RefusedException(
          server.connection().getConnectedUrl()
              + ": the server has no JetStream, where leases are kept; write 'jetstream {"
              + " store_dir: /var/lib/nats }' in its configuration",
          true);
    }
    StreamInfo info = look(server);
    if (info.hasError() && info.getApiErrorCode() == JetStream.NO_SUCH_STREAM) {
      info = new StreamInfo(server.call("STREAM.CREATE." + stream(), configuration()));
      if (info.getApiErrorCode() == JetStream.OTHER_CONFIGURATION) {
        // Another member has made it meanwhile, as its own configuration says.
        info = look(server);
      }
    }
    if (info.hasError()) {
      throw new RefusedException("bucket '" + name + "': " + advice(info), false);
    }
    check(info.getConfiguration());
    return info;
  }

  StreamInfo look(JetStream server) throws RefusedException, InterruptedException {
    try {
      return new StreamInfo(server.call("STREAM.INFO." + stream(), NOTHING));
    } catch (RefusedException e) {
      if (e.hasEnded()) {
        throw e;
      }
      throw new RefusedException(
          "bucket '"
              + name
              + "': "
              + e.getMessage()
              + "; the account of this member needs JetStream, and permission to publish to"
              + " '$JS.API.STREAM.INFO."
              + stream()
              + "'; a server whose disk was full has to be started again",
          e.isMissing());
    }
  }

  private byte[] configuration() {
    return KeyValueConfiguration.builder()
        .name(name)
        .description("aeiou; made by its members")
        .maxHistoryPerKey(1)
        .storageType(StorageType.File)
        .replicas(replicas)
        .maxBucketSize(mostBytes)
        .ttl(maxAge)
        .build()
        .getBackingConfig()
        .toJson()
        .getBytes(UTF_8);
  }

  private static String advice(StreamInfo info) {
    String said = info.getError() + "";
    return switch (info.getApiErrorCode()) {
      case 10023, 10047, 10028, 10002, 10025 ->
          said + "; give the account more of 'max_file', or the server's 'jetstream' more of it";
      case 10039 -> said + "; enable JetStream for the account of this member";
      case 10074 -> said + "; write 'replicas: 1' below 'cluster', or run a cluster of servers";
      default -> said;
    };
  }

  private void check(StreamConfiguration is) throws RefusedException {
    if (!is.getMaxAge().equals(maxAge)) {
      throw new RefusedException(
          "bucket '"
              + name
              + "' has keys that last "
              + seconds(is.getMaxAge())
              + ", but 'cluster.ttl' is "
              + seconds(maxAge)
              + "; write 'ttl: "
              + seconds(is.getMaxAge())
              + "' at all members, or stop all and delete the bucket: "
              + deletion(),
          false);
    }
    if (is.getStorageType() != StorageType.File) {
      throw new RefusedException(
          "bucket '"
              + name
              + "' is kept in memory, so that a server which is started again would give leases"
              + " twice; stop all members and delete it: "
              + deletion(),
          false);
    }
    if (is.getMaxMsgsPerSubject() != 1) {
      throw new RefusedException(
          "bucket '" + name + "' keeps history; stop all members and delete it: " + deletion(),
          false);
    }
  }

  private String deletion() {
    return "nats kv del " + name;
  }

  private static String seconds(Duration age) {
    return age.toMillis() % 1000 == 0 ? age.toSeconds() + "s" : age.toMillis() + "ms";
  }
}
