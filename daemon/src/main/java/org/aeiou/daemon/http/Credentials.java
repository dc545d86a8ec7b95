package org.aeiou.daemon.http;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aeiou.daemon.backend.Secret;

/**
 * The token, and the sessions of browsers, which are made of it: a time and a code that only the
 * token's owner can make. So nothing is kept of a session, and with another token all are over.
 */
final class Credentials {
  static final Duration SESSION = Duration.ofDays(30);

  private static final Pattern VALUE = Pattern.compile("([0-9]{1,12})\\.([0-9a-f]{64})");

  private final byte[] token;

  Credentials(Secret token) {
    this.token = token.reveal().getBytes(UTF_8);
  }

  /** Whether this is the token. It takes as long for any that is not. */
  boolean isToken(String given) {
    return equal(code("token", token), code("token", given.getBytes(UTF_8)));
  }

  /** A session that begins now. */
  String session(long nowMillis) {
    long end = (nowMillis + SESSION.toMillis()) / 1000;
    return end + "." + session(Long.toString(end));
  }

  /** Whether this is a session that has not ended. */
  boolean isSession(String value, long nowMillis) {
    Matcher parts = VALUE.matcher(value);
    return parts.matches()
        && equal(session(parts.group(1)).getBytes(UTF_8), parts.group(2).getBytes(UTF_8))
        && Long.parseLong(parts.group(1)) > nowMillis / 1000;
  }

  private String session(String end) {
    return Hashing.hmacSha256(token).hashString("aeiou session until " + end, UTF_8).toString();
  }

  /** Of one length, so that comparing tells nothing of the token's. */
  private static byte[] code(String key, byte[] text) {
    return Hashing.hmacSha256(key.getBytes(UTF_8)).hashBytes(text).asBytes();
  }

  private static boolean equal(byte[] one, byte[] other) {
    return MessageDigest.isEqual(one, other);
  }
}
