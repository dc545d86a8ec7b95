package org.aeiou.daemon.cluster.nats;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.aeiou.daemon.backend.Secret;

/**
 * Where the servers are, and as what this member logs in. Immutable, with value equality; what it
 * prints shows no secret.
 *
 * @param servers as in {@code nats://HOST:4222} or {@code tls://HOST:4222}: all of them, as whether
 *     there is a broker left at all is decided by what each of these answers
 * @param cluster the name of the cluster: letters, digits, {@code -} and {@code _}
 * @param member how this member is called in the server's lists of connections
 * @param tls with what connections are encrypted; null if only {@code tls://} says so
 * @param ttl how long a lease lasts that is not renewed
 * @param replicas on how many servers the buckets are kept
 */
public record NatsSettings(
    List<String> servers,
    String cluster,
    String member,
    Login login,
    Tls tls,
    Duration ttl,
    int replicas) {
  public NatsSettings {
    servers = List.copyOf(servers);
  }

  /** As what this member logs in. */
  public sealed interface Login {
    /** As nothing. */
    record None() implements Login {}

    record Password(String user, Secret password) implements Login {}

    record Token(Secret token) implements Login {}

    /** The seed of an nkey of a user: {@code SU…}. */
    record Nkey(Secret seed) implements Login {}

    /** A file with a token of a user and its seed, as {@code nsc} writes; read at each login. */
    record Credentials(Path file) implements Login {}
  }

  /**
   * Files in PEM; each may be null.
   *
   * @param authorities those of the servers' certificates; null if they are the ones of Java
   * @param certificate that this member shows, with {@code key}
   */
  public record Tls(Path authorities, Path certificate, Path key) {}
}
