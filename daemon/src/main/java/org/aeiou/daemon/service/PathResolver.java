package org.aeiou.daemon.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import java.util.List;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.daemon.service.FileSystem.Entry;
import org.aeiou.daemon.service.fetch.CompositeRequest;
import org.aeiou.daemon.tree.Node;

/**
 * Finds what a path names, a name at a time; inside the call as far as the cache reaches. Every
 * entrance that takes paths resolves them here. What it says of failures does not repeat the path,
 * which the requester knows.
 */
public final class PathResolver<C> extends CompositeRequest<Node, C> {

  /** Looks one name up in a directory, as {@link FileSystem#find} does. */
  @FunctionalInterface
  public interface LookUp {
    Request find(Node directory, String name, Closure<Entry, Void> closure);
  }

  private static final Splitter NAMES = Splitter.on('/').omitEmptyStrings();

  /** NAME_MAX of {@code <linux/limits.h>}, in bytes: no file has a longer name. */
  public static final int LONGEST_NAME = 255;

  private final LookUp lookUp;
  private final List<String> names;
  private int next;
  private Node node;

  /** Look-ups so far. */
  private int steps;

  /** Whether any look-up had to wait. */
  private boolean delayed;

  /** Whether the look-up that is under way has answered inside its call. */
  private boolean answered;

  private PathResolver(Node root, LookUp lookUp, String path, Closure<Node, C> closure, C context) {
    super(closure, context);
    this.lookUp = lookUp;
    this.names = NAMES.splitToList(path);
    this.node = root;
  }

  /**
   * Resolves a path.
   *
   * @param path names with slashes between them; slashes at its ends, or several, mean nothing
   * @param closure runs once: with the node, or with the failure that says why there is none
   * @return {@link Request#IMMEDIATE} if it ran before this returns
   */
  public static <C> Request resolve(
      Node root, LookUp lookUp, String path, Closure<Node, C> closure, C context) {
    PathResolver<C> resolver = new PathResolver<>(root, lookUp, path, closure, context);
    resolver.go();
    return resolver.submitted();
  }

  private void go() {
    while (next < names.size()) {
      String name = names.get(next);
      if (!node.isDirectory()) {
        fail(
            Failure.Reason.NOT_DIRECTORY,
            "there is nothing below '" + node.name() + "', which is a file");
        return;
      }
      if (name.getBytes(UTF_8).length > LONGEST_NAME) {
        fail(
            Failure.Reason.NAME_TOO_LONG,
            "a name in it is longer than the " + LONGEST_NAME + " bytes that one may have");
        return;
      }
      answered = false;
      int step = ++steps;
      Request request = lookUp.find(node, name, this::looked);
      pending(step, request);
      if (request != Request.IMMEDIATE || !answered) {
        return;
      }
    }
    finish(new Reading<>(node, 0, 0, 0), delayed);
  }

  private void looked(Void none, Outcome<Entry> outcome, boolean late) {
    delayed |= late;
    if (outcome instanceof Reading<Entry> reading && reading.value().node() != null) {
      node = reading.value().node();
      next++;
      answered = true;
      if (late) {
        go();
      }
    } else if (outcome instanceof Failure<Entry> failure) {
      fail(failure, delayed);
    } else if (outcome instanceof Absent<Entry>) {
      fail(Failure.Reason.UNKNOWN_NAME, "this system does not have '" + names.get(next) + "'");
    } else {
      fail(Failure.Reason.UNKNOWN_NAME, "there is no '" + names.get(next) + "'");
    }
  }

  private void fail(Failure.Reason reason, String why) {
    fail(new Failure<>(reason, why), delayed);
  }
}
