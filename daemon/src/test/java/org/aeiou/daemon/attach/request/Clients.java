package org.aeiou.daemon.attach.request;

import com.google.common.base.Ticker;
import java.nio.ByteBuffer;
import org.aeiou.closures.shared.CompletionRing;
import org.aeiou.closures.shared.Geometry;
import org.aeiou.closures.shared.Memory;
import org.aeiou.closures.shared.Operation;
import org.aeiou.closures.shared.SubmissionRing;
import org.aeiou.closures.shared.SubmissionRing.Submission;
import org.aeiou.daemon.testing.Users;

/** Clients in the memory of this process. */
final class Clients {
  private Clients() {}

  static Client of(Geometry geometry) {
    return of(geometry, new Memory(ByteBuffer.allocateDirect(geometry.completionBytes())));
  }

  static Client of(Geometry geometry, Memory completions) {
    return of(geometry, completions, Ticker.systemTicker(), 3);
  }

  static Client of(Geometry geometry, Memory completions, Ticker ticker, int minor) {
    Memory submissions = new Memory(ByteBuffer.allocateDirect(geometry.submissionBytes()));
    return of(geometry, submissions, completions, ticker, minor);
  }

  static Client of(
      Geometry geometry, Memory submissions, Memory completions, Ticker ticker, int minor) {
    return new Client(
        new Peer(1000, 4242, true),
        Users.requester("a test"),
        geometry,
        new SubmissionRing(submissions, completions, geometry, 1),
        new CompletionRing(completions, submissions, geometry, 1),
        -1,
        new Deadlines(ticker, minor),
        new RequestCounters());
  }

  static Submission submission(int page, long number, long group) {
    return new Submission(page, Operation.READ, 0, 1, number, 0, group, 0, "path", false);
  }

  static Submission submission(int page, long number, int operation, long target) {
    return new Submission(page, operation, 0, 1, number, target, 0, 0, "path", false);
  }

  static ClientRequest request(Client client, int page, long number, long group) {
    return new ClientRequest(client, submission(page, number, group));
  }
}
