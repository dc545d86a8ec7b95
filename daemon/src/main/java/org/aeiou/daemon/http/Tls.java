package org.aeiou.daemon.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.aeiou.daemon.config.HttpSettings;
import org.aeiou.daemon.config.TlsFiles;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificates that connections are encrypted with. They are read again when a file changes:
 * new connections have the new ones, and those that are there go on.
 */
final class Tls {
  private static final Logger LOG = LoggerFactory.getLogger(Tls.class);

  private final HttpCounters counters;
  private final SslContextFactory.Server context = new SslContextFactory.Server();

  // Guarded by this.
  private HttpSettings settings;
  private List<String> seen = List.of();

  /**
   * Reads the files.
   *
   * @throws IOException if they cannot be used
   */
  Tls(HttpSettings settings, HttpCounters counters) throws IOException {
    this.counters = counters;
    this.settings = settings;
    this.seen = state(settings.tls());
    context.setSniRequired(false);
    context.setRenegotiationAllowed(false);
    context.setKeyStorePassword("");
    use(context);
  }

  SslContextFactory.Server context() {
    return context;
  }

  private void use(SslContextFactory factory) throws IOException {
    SslContextFactory.Server server = (SslContextFactory.Server) factory;
    server.setKeyStore(settings.tls().identity());
    boolean certified = settings.asksForCertificates();
    server.setTrustStore(certified ? settings.tls().authorities() : null);
    // Where a token does as well, a browser without a certificate must get as far as the form.
    server.setNeedClientAuth(certified && settings.token() == null);
    server.setWantClientAuth(certified && settings.token() != null);
  }

  /** Uses these files from now on. */
  synchronized void change(HttpSettings next) {
    settings = next;
    seen = state(next.tls());
    reload();
  }

  /** Uses the files again if they have changed; where they are wrong, goes on with those before. */
  synchronized void look() {
    List<String> now = state(settings.tls());
    if (!now.equals(seen)) {
      seen = now;
      reload();
    }
  }

  private void reload() {
    try {
      // First whether they can be used: a factory that fails half-way has no certificates.
      var unused = settings.tls().identity();
      if (settings.asksForCertificates()) {
        var unusedToo = settings.tls().authorities();
      }
      context.reload(
          factory -> {
            try {
              use(factory);
            } catch (IOException e) {
              throw new IllegalStateException(e.getMessage(), e);
            }
          });
      counters.certificateReloads.increment();
      LOG.info("HTTP has new certificates, of {}", settings.tls().certificate());
    } catch (Exception e) {
      counters.certificateFailures.increment();
      LOG.error("HTTP goes on with the certificates it has: {}", e.getMessage());
    }
  }

  private static List<String> state(TlsFiles files) {
    List<String> state = new ArrayList<>();
    for (Path file : new Path[] {files.certificate(), files.key(), files.clients()}) {
      try {
        state.add(file == null ? "" : Files.getLastModifiedTime(file) + " " + Files.size(file));
      } catch (IOException e) {
        state.add("cannot be read");
      }
    }
    return state;
  }
}
