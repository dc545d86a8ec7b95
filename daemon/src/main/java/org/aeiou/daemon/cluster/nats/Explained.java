package org.aeiou.daemon.cluster.nats;

import java.util.Locale;

/** What went wrong, for people, with what to do. Shows no secret. */
final class Explained {
  private Explained() {}

  /** The innermost reason that an exception tells. */
  static String of(Throwable e) {
    Throwable innermost = e;
    for (int depth = 0; innermost.getCause() != null && depth < 10; depth++) {
      innermost = innermost.getCause();
    }
    String message = innermost.getMessage();
    return message == null ? innermost.getClass().getSimpleName() : message;
  }

  /** Why no server let this member in, and what to do. */
  static String login(NatsSettings settings, String why) {
    String lower = why.toLowerCase(Locale.ROOT);
    String said = why;
    String advice = "";
    if (lower.contains("authorization") || lower.contains("authentication")) {
      advice =
          settings.login() instanceof NatsSettings.Login.None
              ? "; the server wants a login: give 'user' and 'password', 'token', 'nkey' or"
                  + " 'credentials' below 'cluster'"
              : "; look at the login below 'cluster' and at the server's list of users";
    } else if (lower.contains("ssl required") || lower.contains("secure connection required")) {
      advice = "; the server wants TLS: write tls://HOST:4222, or give 'tls' below 'cluster'";
    } else if (lower.contains("ssl connection wanted")) {
      advice = "; the server has no TLS, but the configuration wants it";
    } else if (lower.contains("certification path") || lower.contains("certificate")) {
      advice = "; look at 'tls' below 'cluster': the authority must be the one of the server";
    } else if (lower.startsWith("unable to connect")
        || lower.startsWith("failed to read initial info")
        || lower.contains("timeout")) {
      said = "listens, but does not answer as a NATS server does";
      if (settings.tls() != null && settings.tls().certificate() == null) {
        advice =
            "; if it wants a certificate of its clients, give 'certificate' and 'key' below 'tls'";
      }
    }
    return String.join(", ", settings.servers()) + ": " + said + advice;
  }
}
