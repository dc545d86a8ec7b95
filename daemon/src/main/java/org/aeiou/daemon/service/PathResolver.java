package org.aeiou.daemon.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import java.util.List;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.daemon.service.FileSystem.Entry;
import org.aeiou.daemon.tree.Node;

/**
 * Finds what a path names, a name at a time; inside the call as far as the cache reaches. What it
 * says of failures does not repeat the path, which the asker knows.
 */
public final class PathResolver {
  /** Who wants to know. */
  public interface Found {
    /**
     * It was found.
     *
     * @param delayed whether that is told after {@link PathResolver#start} returned
     */
    void found(Node node, boolean delayed);

    /** There is no such name, or it cannot be told. */
    void failed(Failure<?> failure, boolean delayed);
  }

  private static final Splitter NAMES = Splitter.on('/').omitEmptyStrings();

  /** NAME_MAX of {@code <linux/limits.h>}, in bytes: no file has a longer name. */
  private static final int LONGEST_NAME = 255;

  private final FileSystem files;
  private final Requester requester;
  private final List<String> names;
  private final Found found;
  private int next;
  private Node node;

  /** Whether any look-up had to wait. */
  private boolean everDelayed;

  /** Whether the look-up that is under way has answered inside its call. */
  private boolean answered;

  private PathResolver(FileSystem files, Requester requester, String path, Found found) {
    this.files = files;
    this.requester = requester;
    this.names = NAMES.splitToList(path);
    this.found = found;
    this.node = files.root();
  }

  /** Begins; tells exactly once what came of it. */
  public static void start(FileSystem files, Requester requester, String path, Found found) {
    new PathResolver(files, requester, path, found).go(false);
  }

  private void go(boolean delayed) {
    everDelayed |= delayed;
    while (next < names.size()) {
      if (!node.isDirectory()) {
        fail(
            Failure.Reason.NOT_DIRECTORY,
            "there is nothing below '" + node.name() + "', which is a file");
        return;
      }
      if (names.get(next).getBytes(UTF_8).length > LONGEST_NAME) {
        fail(
            Failure.Reason.NAME_TOO_LONG,
            "a name in it is longer than the " + LONGEST_NAME + " bytes that one may have");
        return;
      }
      answered = false;
      Request request = files.find(requester, node, names.get(next), this::looked, null);
      if (request != Request.IMMEDIATE || !answered) {
        return;
      }
    }
    found.found(node, everDelayed);
  }

  private void looked(Void none, Outcome<Entry> outcome, boolean late) {
    everDelayed |= late;
    if (outcome instanceof Reading<Entry> reading && reading.value().node() != null) {
      node = reading.value().node();
      next++;
      if (late) {
        go(true);
      } else {
        answered = true;
      }
    } else if (outcome instanceof Failure<Entry> failure) {
      found.failed(failure, everDelayed || late);
    } else if (outcome instanceof Absent<Entry>) {
      unknown("this system does not have '" + names.get(next) + "'");
    } else {
      unknown("there is no '" + names.get(next) + "'");
    }
  }

  private void unknown(String why) {
    fail(Failure.Reason.UNKNOWN_NAME, why);
  }

  private void fail(Failure.Reason reason, String why) {
    found.failed(new Failure<>(reason, why), everDelayed);
  }
}
