package org.aeiou.daemon.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.net.InetAddresses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * From which pages a browser may ask, and by which names. A hostile page can have a browser ask any
 * address that it reaches, also the loopback; and it can have its own name lead there (DNS
 * rebinding), and then read the answers. So a request must name this machine, and must not come
 * from a page of another.
 */
final class Origins {
  private static final Path OWN_NAME = Path.of("/proc/sys/kernel/hostname");

  private final Set<String> hosts;
  private final String ownName;

  /**
   * For a machine with these names.
   *
   * @param hosts in lower case
   */
  Origins(Set<String> hosts) {
    this.hosts = hosts;
    this.ownName = ownName();
  }

  private static String ownName() {
    try {
      return Files.readString(OWN_NAME, UTF_8).strip().toLowerCase(Locale.ROOT);
    } catch (IOException e) {
      return "localhost";
    }
  }

  /**
   * Whether this is a name of this machine: an address, which leads nowhere else, a name that
   * always means the loopback, the machine's own, or one that is configured.
   */
  boolean isOwn(String host) {
    String name = host == null ? "" : host.toLowerCase(Locale.ROOT);
    if (name.endsWith(".")) {
      name = name.substring(0, name.length() - 1);
    }
    return name.equals("localhost")
        || name.endsWith(".localhost")
        || name.equals(ownName)
        || hosts.contains(name)
        || InetAddresses.isUriInetAddress(name);
  }

  /** Whether a page of another origin has a browser ask; following a link to here is allowed. */
  static boolean isCrossSite(Request request) {
    String site = request.getHeaders().get("Sec-Fetch-Site");
    if (site != null && !site.equals("same-origin") && !site.equals("none")) {
      return !(isReading(request)
          && "navigate".equals(request.getHeaders().get("Sec-Fetch-Mode"))
          && "document".equals(request.getHeaders().get("Sec-Fetch-Dest")));
    }
    String origin = request.getHeaders().get(HttpHeader.ORIGIN);
    return origin != null && !origin.replaceFirst("^https?://", "").equals(host(request));
  }

  /** As browsers write it behind the scheme of an origin: a proxy may have another scheme. */
  private static String host(Request request) {
    String host = request.getHeaders().get(HttpHeader.HOST);
    return host == null ? "" : host.toLowerCase(Locale.ROOT);
  }

  private static boolean isReading(Request request) {
    return request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
  }
}
