package org.aeiou.daemon.service;

import org.aeiou.closures.Burst;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.group.Source;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.daemon.service.FileSystem.Content;
import org.aeiou.daemon.service.fetch.CompositeRequest;
import org.aeiou.daemon.tree.Node;

/**
 * The tree as a source for groups, in this process: paths in, values out, without the newline that
 * a file has at its end. What {@code org.aeiou.closures.attached.Attachment} is to another process.
 *
 * <p>Any thread may call any method.
 */
public final class PathSource implements Source<String, byte[]> {
  private final AttributeService files;
  private final Requester requester;

  /**
   * A source.
   *
   * @param requester the one that asks
   */
  public PathSource(AttributeService files, Requester requester) {
    this.files = files;
    this.requester = requester;
  }

  @Override
  public Burst begin() {
    return requester.begin();
  }

  @Override
  public <C> Request submit(String path, Burst burst, Closure<byte[], C> closure, C context) {
    return new PathRead<>((RequesterBurst) burst, closure, context).start(path);
  }

  /** One request: finds its node, then reads it. */
  private final class PathRead<C> extends CompositeRequest<byte[], C> {
    private final RequesterBurst burst;
    private boolean foundLate;

    PathRead(RequesterBurst burst, Closure<byte[], C> closure, C context) {
      super(closure, context);
      this.burst = burst;
    }

    Request start(String path) {
      pending(1, files.resolve(requester, path, this::found, null));
      return submitted();
    }

    private void found(Void none, Outcome<Node> outcome, boolean late) {
      foundLate = late;
      if (!(outcome instanceof Reading<Node> reading)) {
        fail((Failure<?>) outcome, late);
      } else if (reading.value().isDirectory()) {
        fail(new Failure<>(Failure.Reason.IS_DIRECTORY, "is a directory"), late);
      } else {
        RequesterBurst with = late ? requester.alone() : burst;
        pending(2, files.read(with, reading.value(), this::read, null));
      }
    }

    private void read(Void none, Outcome<Content> outcome, boolean late) {
      finish(outcome.map(Content::value), foundLate || late);
    }
  }
}
