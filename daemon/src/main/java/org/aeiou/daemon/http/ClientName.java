package org.aeiou.daemon.http;

import java.security.cert.X509Certificate;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;

/** Whose a request is, as the scheduler and the log are to call it. */
final class ClientName {
  private static final int LONGEST = 64;

  private ClientName() {}

  /** The name in the client's certificate if it showed one, else its address. */
  static String of(Request request) {
    EndPoint.SslSessionData tls =
        (EndPoint.SslSessionData) request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE);
    if (tls != null && tls.peerCertificates() != null && tls.peerCertificates().length > 0) {
      String name = commonName(tls.peerCertificates()[0]);
      return name.substring(0, Math.min(name.length(), LONGEST));
    }
    return Request.getRemoteAddr(request);
  }

  /** Whether the client showed a certificate of an authority that it may be of. */
  static boolean isCertified(Request request) {
    EndPoint.SslSessionData tls =
        (EndPoint.SslSessionData) request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE);
    return tls != null && tls.peerCertificates() != null && tls.peerCertificates().length > 0;
  }

  private static String commonName(X509Certificate certificate) {
    String all = certificate.getSubjectX500Principal().getName();
    try {
      for (Rdn part : new LdapName(all).getRdns()) {
        if (part.getType().equalsIgnoreCase("CN")) {
          return String.valueOf(part.getValue());
        }
      }
    } catch (InvalidNameException e) {
      // the whole name, then
    }
    return all;
  }
}
