package org.aeiou.daemon.service;

import java.util.Arrays;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.group.Source;
import org.aeiou.closures.scheduler.Burst;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.daemon.service.FileSystem.Content;
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
   * @param requester on whose behalf
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
    Asked<C> asked = new Asked<>(closure, context);
    PathResolver.start(
        files,
        requester,
        path,
        new PathResolver.Found() {
          @Override
          public void found(Node node, boolean delayed) {
            if (node.isDirectory()) {
              asked.end(new Failure<>(Failure.Reason.IS_DIRECTORY, "is a directory"), delayed);
              return;
            }
            asked.await(
                files.read(
                    delayed ? requester.alone() : (RequesterBurst) burst,
                    node,
                    (same, outcome, late) -> same.end(value(outcome), delayed || late),
                    asked));
          }

          @Override
          public void failed(Failure<?> failure, boolean delayed) {
            asked.end(Failure.as(failure), delayed);
          }
        });
    return asked.wasImmediate ? Request.IMMEDIATE : asked;
  }

  private static Outcome<byte[]> value(Outcome<Content> outcome) {
    if (outcome instanceof Reading<Content> reading) {
      byte[] line = reading.value().bytes();
      boolean ended = line.length > 0 && line[line.length - 1] == '\n';
      byte[] value = ended ? Arrays.copyOf(line, line.length - 1) : line;
      return new Reading<>(
          value, reading.takenNanos(), reading.takenMillis(), reading.changedMillis());
    }
    if (outcome instanceof Absent<Content> absent) {
      return new Absent<>(absent.takenNanos(), absent.takenMillis());
    }
    return Failure.as((Failure<Content>) outcome);
  }

  /** One request, which may have to find its node before it can read it. */
  private static final class Asked<C> implements Request {
    private final Closure<byte[], C> closure;
    private final C context;

    /** Written before submit returns, by the thread that submits; read by it then. */
    private boolean wasImmediate;

    // Guarded by this.
    private boolean done;
    private boolean withdrawn;
    private Request awaited;

    Asked(Closure<byte[], C> closure, C context) {
      this.closure = closure;
      this.context = context;
    }

    void end(Outcome<byte[]> outcome, boolean delayed) {
      synchronized (this) {
        if (done) {
          return;
        }
        done = true;
        awaited = null;
      }
      if (!delayed) {
        wasImmediate = true;
      }
      closure.run(context, outcome, delayed);
    }

    void await(Request request) {
      boolean cancel;
      synchronized (this) {
        cancel = withdrawn && !done;
        awaited = done ? null : request;
      }
      if (cancel) {
        request.cancel();
      }
    }

    @Override
    public void cancel() {
      Request request;
      synchronized (this) {
        withdrawn = true;
        request = awaited;
      }
      if (request != null) {
        request.cancel();
      }
    }

    @Override
    public synchronized boolean isDone() {
      return done;
    }
  }
}
