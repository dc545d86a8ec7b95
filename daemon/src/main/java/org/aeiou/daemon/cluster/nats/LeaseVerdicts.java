package org.aeiou.daemon.cluster.nats;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nats.client.JetStreamApiException;
import io.nats.client.Message;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.PublishAck;
import io.nats.client.api.PurgeResponse;
import java.io.IOException;
import org.aeiou.daemon.cluster.lease.LeaseStore.Verdict;

/** What the server's answers say of leases. */
final class LeaseVerdicts {
  private LeaseVerdicts() {}

  static Verdict put(Message answer) {
    try {
      return new Verdict.Stored(new PublishAck(answer).getSeqno());
    } catch (JetStreamApiException e) {
      return e.getApiErrorCode() == JetStream.WRONG_REVISION
          ? new Verdict.Refused()
          : new Verdict.Unknown(e.getMessage());
    } catch (IOException e) {
      return new Verdict.Unknown(Explained.of(e));
    }
  }

  static Verdict read(Message answer, String stream) {
    MessageInfo found = new MessageInfo(answer, stream, false);
    if (found.hasError()) {
      return found.getApiErrorCode() == JetStream.NO_SUCH_MESSAGE
          ? new Verdict.Absent()
          : new Verdict.Unknown(found.getError());
    }
    byte[] value = found.getData();
    return new Verdict.Found(found.getSeq(), value == null ? "" : new String(value, UTF_8));
  }

  static Verdict purge(Message answer) {
    PurgeResponse done = new PurgeResponse(answer);
    if (done.hasError()) {
      return new Verdict.Unknown(done.getError());
    }
    // What was there already no more, or is a successor's, was not taken away.
    return new Verdict.Absent();
  }
}
