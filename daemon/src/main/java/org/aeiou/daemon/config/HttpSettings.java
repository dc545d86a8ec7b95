package org.aeiou.daemon.config;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import org.aeiou.daemon.backend.Secret;

/**
 * Where the daemon answers HTTP, and whom. Immutable, with value equality.
 *
 * @param listen where to listen; port 0 is any free one; nowhere by default
 * @param token what a client shows to be answered; null if none is needed
 * @param tls with what connections are encrypted; null if they are not
 * @param hosts by which names clients may call this machine, in lower case, besides its addresses
 * @param connections how many there may be at once
 * @param systemsInMetrics whether {@code /metrics} has families by system
 */
public record HttpSettings(
    List<InetSocketAddress> listen,
    Secret token,
    TlsFiles tls,
    Set<String> hosts,
    Connections connections,
    boolean systemsInMetrics) {

  /** Nowhere. */
  public static final HttpSettings OFF = new HttpSettings(List.of());

  /** As where nothing but the addresses is said. */
  public HttpSettings(List<InetSocketAddress> listen) {
    this(listen, null, null, Set.of(), new Connections(256, 128), true);
  }

  public HttpSettings {
    listen = List.copyOf(listen);
    hosts = Set.copyOf(hosts);
  }

  /**
   * How many connections there may be at once.
   *
   * @param ofAddress how many of them one client's address may have
   */
  public record Connections(int all, int ofAddress) {}

  /** Whether there is anything to listen at. */
  public boolean isOn() {
    return !listen.isEmpty();
  }

  /** Whether clients show who they are, by a token or a certificate. */
  public boolean isSecured() {
    return token != null || asksForCertificates();
  }

  /** Whether clients may show a certificate. */
  public boolean asksForCertificates() {
    return tls != null && tls.clients() != null;
  }
}
