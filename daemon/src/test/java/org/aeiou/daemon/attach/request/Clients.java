package org.aeiou.daemon.attach.request;

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
    Memory submissions = new Memory(ByteBuffer.allocateDirect(geometry.submissionBytes()));
    return new Client(
        Users.requester("a test"),
        geometry,
        new SubmissionRing(submissions, completions, geometry, 1),
        new CompletionRing(completions, submissions, geometry, 1),
        -1,
        new RequestCounters());
  }

  static Submission submission(int page, long number, long group) {
    return new Submission(page, Operation.READ, 0, 1, number, 0, group, 0, "path", false);
  }

  static ClientRequest request(Client client, int page, long number, long group) {
    return new ClientRequest(client, submission(page, number, group));
  }
}
