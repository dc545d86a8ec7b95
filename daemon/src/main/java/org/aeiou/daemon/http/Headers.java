package org.aeiou.daemon.http;

import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Response;

/** What each answer tells browsers: to run and show nothing but what comes from here. */
final class Headers {
  private static final HttpFields ALL =
      HttpFields.build(
              HttpFields.from(
                  field(
                      "Content-Security-Policy",
                      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                          + " font-src 'self'; connect-src 'self'; manifest-src 'self';"
                          + " worker-src 'self'; form-action 'self'; base-uri 'none';"
                          + " frame-ancestors 'none'"),
                  field("X-Content-Type-Options", "nosniff"),
                  field("X-Frame-Options", "DENY"),
                  field("Referrer-Policy", "no-referrer"),
                  field("Cross-Origin-Resource-Policy", "same-origin"),
                  field("Cross-Origin-Opener-Policy", "same-origin"),
                  // A handler that answers with what may be kept says so instead.
                  field("Cache-Control", "no-store")))
          .asImmutable();

  private Headers() {}

  private static HttpField field(String name, String value) {
    return new PreEncodedHttpField(name, value);
  }

  static void protect(Response response) {
    ALL.forEach(response.getHeaders()::put);
  }
}
