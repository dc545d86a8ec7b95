package org.aeiou.daemon.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Asks a person for the token; tells a program that it needs one. */
final class LoginPage {
  /** A link from another site comes without the cookie: following one from here brings it. */
  private static final byte[] HTML =
      """
      <!doctype html>
      <html lang="en">
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width">
      <meta name="color-scheme" content="light dark">
      <title>aeiou</title>
      <main>
      <h1>aeiou</h1>
      <form method="post" action="/login">
      <label>Token <input name="token" type="password" autocomplete="current-password" required autofocus></label>
      <button>Enter</button>
      </form>
      <p>It is what <code>http.token</code> says in the configuration of the daemon.
      If this browser has entered before, <a href="">go on</a>.</p>
      </main>
      """
          .getBytes(UTF_8);

  private LoginPage() {}

  static void show(Request request, Response response, Callback callback, int status) {
    String accept = request.getHeaders().get(HttpHeader.ACCEPT);
    if (accept != null && accept.contains("text/html")) {
      Reply.send(response, callback, status, "text/html; charset=utf-8", HTML);
    } else {
      Reply.text(
          response,
          callback,
          status,
          "a token is needed: 'Authorization: Bearer TOKEN', as 'http.token' of the configuration"
              + " says, or a certificate where 'http.tls.clients' is set");
    }
  }
}
