package org.aeiou.daemon.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.aeiou.daemon.backend.Secret;

/**
 * The cluster that a process is a member of. Immutable, with value equality.
 *
 * @param servers of the broker, as {@code nats://HOST:PORT} or {@code tls://HOST:PORT}; not empty
 * @param name tells the cluster from others of the same broker
 * @param polls whether the member asks systems, of those slots that it owns
 * @param reads whether it serves readers
 * @param site where the member is; empty if nothing is said
 * @param member what people call the member; null if nothing is said
 * @param slots how many groups the systems are in; the same at all members
 * @param sites which systems are where, in the order in which they count; the same at all members
 * @param ttl how long a slot stays with a member that is heard of no more
 * @param pollsAlone whether its slots stay with the member while no server listens
 * @param replicas how many servers keep the leases
 * @param tls how connections to the broker are encrypted; null if they need not be
 * @param credentials how the member shows that it may connect
 */
public record ClusterSettings(
    List<String> servers,
    String name,
    boolean polls,
    boolean reads,
    String site,
    String member,
    int slots,
    List<Site> sites,
    Duration ttl,
    boolean pollsAlone,
    int replicas,
    TlsFiles tls,
    Credentials credentials) {

  public ClusterSettings {
    servers = List.copyOf(servers);
    sites = List.copyOf(sites);
  }

  /**
   * Where some systems are.
   *
   * @param patterns of their names; a star stands for any characters
   */
  public record Site(String name, List<String> patterns) {
    public Site {
      patterns = List.copyOf(patterns);
    }
  }

  /**
   * How a member shows that it may connect: one of these, the others null.
   *
   * @param user with {@code password}
   * @param nkey the seed of an Ed25519 key, as 'nsc' and 'nk' write it
   * @param file a JWT and its seed, as 'nsc' writes them; absolute
   */
  public record Credentials(String user, Secret password, Secret token, Secret nkey, Path file) {
    /** Nothing is shown. */
    public static final Credentials NONE = new Credentials(null, null, null, null, null);
  }

  /** The same of a member that serves readers, or does not. */
  ClusterSettings reading(boolean is) {
    return new ClusterSettings(
        servers,
        name,
        polls,
        is,
        site,
        member,
        slots,
        sites,
        ttl,
        pollsAlone,
        replicas,
        tls,
        credentials);
  }

  /** Whether the member asks no system: then it needs to know no credentials of theirs. */
  public boolean onlyReads() {
    return !polls;
  }
}
