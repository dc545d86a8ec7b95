package org.aeiou.daemon.attach.request;

import java.util.ArrayList;
import java.util.List;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.shared.CompletionRing.Completion;
import org.aeiou.closures.shared.WriteDescriptor;
import org.aeiou.daemon.attach.completion.Completions;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.write.Assignment;
import org.aeiou.daemon.service.write.Written;

/** Writes of clients: finds what their paths name, one after the other, and writes all at once. */
final class Writes {
  private final FileSystem files;
  private final PathCache paths;

  Writes(FileSystem files, PathCache paths) {
    this.files = files;
    this.paths = paths;
  }

  void start(ClientRequest request) {
    if (request.path.indexOf(0) < 0) {
      // As protocols before 1.4 ask, where nothing could be written.
      request.fail(Failure.Reason.NOT_WRITABLE, "it says no text that is to be written");
      return;
    }
    List<WriteDescriptor.Assignment> asked = WriteDescriptor.assignments(request.path);
    if (!request.client.peer.mayWrite()) {
      request.fail(
          Failure.Reason.REFUSED,
          "user "
              + Integer.toUnsignedString(request.client.peer.uid())
              + " may not write: neither the owner of the files nor of their group");
    } else if (asked == null) {
      request.fail(
          RequestCheck.bad(
              "names no attribute with a text; expected a path, a NUL and a text, then perhaps"
                  + " further names and texts"));
    } else {
      find(request, asked, new ArrayList<>(asked.size()));
    }
  }

  private void find(
      ClientRequest request, List<WriteDescriptor.Assignment> asked, List<Assignment> found) {
    if (found.size() == asked.size()) {
      write(request, found);
      return;
    }
    WriteDescriptor.Assignment next = asked.get(found.size());
    paths.find(
        request.requester(),
        next.path(),
        0,
        place -> {
          if (!request.isDone()) { // else it ended while its path was looked for
            found.add(new Assignment(place.node(), next.text()));
            find(request, asked, found);
          }
        },
        request::fail);
  }

  private void write(ClientRequest request, List<Assignment> found) {
    request.await(
        files.write(
            request.client.peer.author(),
            request.requester(),
            found,
            (to, outcome, delayed) -> to.endIn(delayed, ended(outcome)),
            request));
  }

  private static Completion ended(Outcome<Written> outcome) {
    if (!(outcome instanceof Reading<Written> reading)) {
      return Completions.failure((Failure<?>) outcome);
    }
    List<WriteDescriptor.Change> changes = new ArrayList<>();
    for (Written.Change change : reading.value().changes()) {
      changes.add(
          new WriteDescriptor.Change(change.file().name(), change.before(), change.after()));
    }
    return Completions.ofWrite(WriteDescriptor.value(changes), reading);
  }
}
