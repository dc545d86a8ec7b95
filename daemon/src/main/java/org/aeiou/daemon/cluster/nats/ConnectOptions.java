package org.aeiou.daemon.cluster.nats;

import com.google.common.util.concurrent.MoreExecutors;
import io.nats.client.ConnectionListener;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.aeiou.daemon.config.TlsFiles;

/**
 * What the library is told of a connection. It lives once: its library neither reconnects, nor
 * keeps what is sent while there is no connection, as that would be delivered later.
 */
final class ConnectOptions {
  static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(2);

  private static final int PORT = 4222;

  /** A silent server is noticed after three of them. */
  private static final Duration PING = Duration.ofSeconds(1);

  /** How late a request's time-out may be noticed. */
  private static final Duration CLEANUP = Duration.ofMillis(100);

  private ConnectOptions() {}

  /** Where a server listens; not resolved. */
  static InetSocketAddress address(String server) {
    try {
      URI uri = new URI(server);
      if (uri.getHost() == null) {
        throw new IllegalArgumentException(server + " names no host");
      }
      return InetSocketAddress.createUnresolved(
          uri.getHost(), uri.getPort() < 0 ? PORT : uri.getPort());
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /**
   * Of a connection with one of these servers.
   *
   * @param purpose what the connection is for, as the server's lists show it
   * @throws IOException if a file cannot be used; says which, and why
   */
  static Options of(
      NatsSettings settings,
      List<String> servers,
      String purpose,
      String inbox,
      ExecutorService threads,
      ScheduledExecutorService timer,
      ErrorListener errors,
      ConnectionListener events)
      throws IOException {
    Options.Builder options =
        new Options.Builder()
            .servers(servers.toArray(String[]::new))
            .connectionName(settings.member() + " " + purpose)
            .inboxPrefix(inbox)
            .noReconnect()
            .reconnectBufferSize(0)
            .ignoreDiscoveredServers()
            .connectionTimeout(CONNECTION_TIMEOUT)
            .pingInterval(PING)
            .maxPingsOut(2)
            .requestCleanupInterval(CLEANUP)
            .maxMessagesInOutgoingQueue(0)
            .reportNoResponders()
            .useTimeoutException()
            .executor(threads)
            .scheduledExecutor(timer)
            // At once: what went wrong is known before an attempt to connect returns.
            .callbackExecutor(MoreExecutors.newDirectExecutorService())
            .connectExecutor(threads)
            .errorListener(errors)
            .connectionListener(events);
    login(settings.login(), options);
    if (settings.tls() != null) {
      options.sslContext(context(settings.tls()));
    } else if (servers.stream().anyMatch(s -> s.toLowerCase(Locale.ROOT).startsWith("tls:"))) {
      options.sslContext(context(new NatsSettings.Tls(null, null, null)));
    }
    return options.build();
  }

  /** A thread that does not keep the process alive. */
  static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  private static void login(NatsSettings.Login login, Options.Builder options) throws IOException {
    if (login instanceof NatsSettings.Login.Password password) {
      options.userInfo(password.user().toCharArray(), password.password().reveal().toCharArray());
    } else if (login instanceof NatsSettings.Login.Token token) {
      options.token(token.token().reveal().toCharArray());
    } else if (login instanceof NatsSettings.Login.Nkey nkey) {
      options.authHandler(Nats.staticCredentials(null, nkey.seed().reveal().strip().toCharArray()));
    } else if (login instanceof NatsSettings.Login.Credentials credentials) {
      if (!Files.isReadable(credentials.file())) {
        throw new IOException(
            credentials.file()
                + (Files.exists(credentials.file())
                    ? ": there is no permission to read it"
                    : ": there is no such file"));
      }
      options.authHandler(Nats.credentials(credentials.file().toString()));
    }
  }

  private static SSLContext context(NatsSettings.Tls tls) throws IOException {
    TlsFiles files = new TlsFiles(tls.certificate(), tls.key(), tls.authorities());
    try {
      KeyManager[] shown = null;
      if (tls.certificate() != null) {
        KeyManagerFactory keys =
            KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(files.identity(), new char[0]);
        shown = keys.getKeyManagers();
      }
      TrustManager[] trusted = null;
      if (tls.authorities() != null) {
        TrustManagerFactory trust =
            TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        KeyStore authorities = files.authorities();
        trust.init(authorities);
        trusted = trust.getTrustManagers();
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(shown, trusted, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("TLS cannot be set up: " + e.getMessage(), e);
    }
  }
}
