package org.aeiou.daemon.backend.snmp.trap;

import static org.aeiou.daemon.backend.snmp.message.UserMessage.AUTHENTICATED;
import static org.aeiou.daemon.backend.snmp.message.UserMessage.ENCRYPTED;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.backend.snmp.message.UserMessage;
import org.aeiou.daemon.backend.snmp.message.UsmKeys;
import org.aeiou.daemon.backend.snmp.message.UsmUser;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Authentication;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Privacy;
import org.snmp4j.PDU;
import org.snmp4j.ScopedPDU;
import org.snmp4j.asn1.BERInputStream;
import org.snmp4j.smi.Counter32;
import org.snmp4j.smi.Integer32;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.OctetString;
import org.snmp4j.smi.VariableBinding;

/**
 * Traps and informs of v3 (RFC 3414, section 3.2). Of a trap the engine that sent it is the
 * authoritative one, of an inform it is ours. The users are those that the systems are asked as.
 * Used by one thread.
 */
final class TrapUsers {
  /** Seconds that clocks may differ (RFC 3414, section 2.2.3). */
  private static final int TIME_WINDOW = 150;

  private static final int MOST_ENGINES = 20_000;
  private static final int MOST_MESSAGE = 65_507;

  /** As many users as may be tried for one message: of one name, with different passwords. */
  private static final int MOST_TRIED = 4;

  /** The reasons to report; by the counters that a report shows. */
  private enum Reason {
    NOT_IN_TIME_WINDOW("1.3.6.1.6.3.15.1.1.2.0"),
    UNKNOWN_USER("1.3.6.1.6.3.15.1.1.3.0"),
    UNKNOWN_ENGINE("1.3.6.1.6.3.15.1.1.4.0"),
    WRONG_DIGEST("1.3.6.1.6.3.15.1.1.5.0"),
    DECRYPTION("1.3.6.1.6.3.15.1.1.6.0");

    final String counter;

    Reason(String counter) {
      this.counter = counter;
    }
  }

  /** The last that was heard of another engine's clock, in a message that was authentic. */
  private record Clock(int boots, int time) {}

  private final OwnEngine own;
  private final UsmKeys keys;
  private final TrapCounters counters;
  private final Map<Reason, Long> reasons = new EnumMap<>(Reason.class);
  private final Map<OctetString, Clock> clocks =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<OctetString, Clock> eldest) {
          return size() > MOST_ENGINES;
        }
      };

  TrapUsers(OwnEngine own, UsmKeys keys, TrapCounters counters) {
    this.own = own;
    this.keys = keys;
    this.counters = counters;
  }

  /** What became of a message: a trap, or a report that answers it, or nothing. */
  record Result(Trap trap, byte[] report) {
    static final Result NOTHING = new Result(null, null);
  }

  /**
   * Takes a message in.
   *
   * @param in behind the version
   * @param senders finds the systems that it may be of, by its engine and its user
   * @throws IOException if it is none of v3
   */
  Result take(byte[] octets, BERInputStream in, Candidates senders) throws IOException {
    UserMessage message = UserMessage.read(octets, in);
    if (message.model() != UserMessage.USM || message.level() == ENCRYPTED) {
      throw new IOException("security model " + message.model());
    }
    boolean ours = Arrays.equals(message.engineId(), own.id());
    if (!ours && (message.reportable() || message.engineId().length == 0)) {
      // An inform to an engine that we are not, or are no more; or a discovery.
      return report(message, Reason.UNKNOWN_ENGINE, null, 0);
    }
    Map<UsmUser, List<Sender>> users = new LinkedHashMap<>();
    for (Sender sender : senders.of(message.engineId(), message.user())) {
      if (sender.user() != null && sender.user().name().equals(message.user())) {
        users.computeIfAbsent(sender.user(), any -> new ArrayList<>()).add(sender);
      }
    }
    if (users.isEmpty()) {
      counters.add(TrapCounter.UNKNOWN_USER);
      return report(message, Reason.UNKNOWN_USER, null, 0);
    }
    Result refused = null;
    int tried = 0;
    for (Map.Entry<UsmUser, List<Sender>> user : users.entrySet()) {
      if (tried++ == MOST_TRIED) {
        break;
      }
      Result result = as(user.getKey(), user.getValue(), message, ours);
      if (result.trap() != null) {
        return result;
      }
      refused = result;
    }
    counters.add(TrapCounter.NOT_AUTHENTIC);
    return refused;
  }

  /** Finds the systems that a message may be of. */
  interface Candidates {
    List<Sender> of(byte[] engineId, String user);
  }

  private Result as(UsmUser user, List<Sender> senders, UserMessage message, boolean ours)
      throws IOException {
    int wanted =
        (user.authentication() == Authentication.NONE ? 0 : AUTHENTICATED)
            | (user.privacy() == Privacy.NONE ? 0 : ENCRYPTED);
    if (message.level() != wanted) {
      return Result.NOTHING; // less than is configured is what an attacker sends
    }
    UserMessage.Security security = security(user, message.engineId());
    if (wanted != 0) {
      if (!message.isAuthentic(security.authentication(), security.authenticationKey())) {
        return report(message, Reason.WRONG_DIGEST, null, 0);
      }
      if (ours ? !isNow(message) : !isNews(message)) {
        return report(message, Reason.NOT_IN_TIME_WINDOW, security, AUTHENTICATED);
      }
    }
    ScopedPDU pdu =
        message.privacy()
            ? message.decrypt(security.privacy(), security.privacyKey())
            : message.plain();
    if (pdu == null) {
      return report(message, Reason.DECRYPTION, null, 0);
    }
    Map<String, Object> credentials = new LinkedHashMap<>();
    credentials.put("version", "3");
    credentials.put("user", user.name());
    credentials.put("engine", new OctetString(message.engineId()).toHexString());
    return new Result(
        new Trap(pdu, senders, credentials, () -> response(message, security, pdu)), null);
  }

  private UserMessage.Security security(UsmUser user, byte[] engineId) {
    OctetString authentication = keys.authentication(user, engineId);
    OctetString privacy = keys.privacy(user, engineId);
    return new UserMessage.Security(
        UsmKeys.protocol(user.authentication()),
        authentication == null ? null : authentication.getValue(),
        UsmKeys.protocol(user.privacy()),
        privacy == null ? null : privacy.getValue());
  }

  private boolean isNow(UserMessage message) {
    return message.boots() == own.boots()
        && Math.abs((long) message.time() - own.time()) <= TIME_WINDOW;
  }

  /** Whether a message of another engine is no older than what that sent before. */
  private boolean isNews(UserMessage message) {
    OctetString id = new OctetString(message.engineId());
    Clock known = clocks.get(id);
    if (known != null
        && (message.boots() < known.boots()
            || (message.boots() == known.boots()
                && message.time() < (long) known.time() - TIME_WINDOW))) {
      return false;
    }
    if (known == null || message.boots() > known.boots() || message.time() > known.time()) {
      clocks.put(id, new Clock(message.boots(), message.time()));
    }
    return true;
  }

  private byte[] response(UserMessage message, UserMessage.Security security, ScopedPDU inform) {
    ScopedPDU response = new ScopedPDU(inform);
    response.setType(PDU.RESPONSE);
    response.setErrorStatus(0);
    response.setErrorIndex(0);
    return write(message, message.level(), security, response);
  }

  /** A report, if the sender wants one. */
  private Result report(
      UserMessage message, Reason reason, UserMessage.Security security, int level) {
    long count = reasons.merge(reason, 1L, Long::sum);
    if (!message.reportable()) {
      return Result.NOTHING;
    }
    ScopedPDU report = new ScopedPDU();
    report.setContextEngineID(new OctetString(own.id()));
    report.setType(PDU.REPORT);
    report.setRequestID(new Integer32(requestId(message)));
    report.add(new VariableBinding(new OID(reason.counter), new Counter32(count & 0xFFFFFFFFL)));
    counters.add(TrapCounter.REPORTS);
    return new Result(null, write(message, level, security, report));
  }

  /** That of the message, if it can be read without a key; else 0 (RFC 3412, section 7.1). */
  private static int requestId(UserMessage message) {
    try {
      return message.privacy() ? 0 : message.plain().getRequestID().getValue();
    } catch (IOException e) {
      return 0;
    }
  }

  private byte[] write(
      UserMessage message, int level, UserMessage.Security security, ScopedPDU pdu) {
    return UserMessage.write(
        new UserMessage.Engine(own.id(), own.boots(), own.time(), MOST_MESSAGE),
        message.id(),
        level,
        message.user(),
        security,
        pdu);
  }
}
