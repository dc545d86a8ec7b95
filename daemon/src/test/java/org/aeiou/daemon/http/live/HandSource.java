package org.aeiou.daemon.http.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.daemon.http.json.Shown;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.FileSystem.Content;
import org.aeiou.daemon.tree.Node;

/** A tree in which any path is a file, whose values a test gives by hand. */
final class HandSource implements CellSource {
  static final int TTL_MILLIS = 15_000;

  record File(String name) implements Node {
    @Override
    public boolean isDirectory() {
      return false;
    }
  }

  private record Pending(Node node, Closure<Content, Cell> closure, Cell cell) {}

  final Map<Node, Shown> cache = new HashMap<>();
  final List<String> watched = new ArrayList<>();
  int cancelled;
  private final List<Pending> pending = new ArrayList<>();
  private FileSystem.Observer observer;

  @Override
  public Request resolve(Requester requester, String path, Closure<Node, Cell> closure, Cell cell) {
    closure.run(
        cell,
        path.startsWith("nowhere")
            ? new Failure<>(Failure.Reason.UNKNOWN_NAME, "there is no 'nowhere'")
            : Reading.of(new File(path), 0, 0),
        false);
    return Request.IMMEDIATE;
  }

  @Override
  public Request read(RequesterBurst burst, Node node, Closure<Content, Cell> closure, Cell cell) {
    if (cache.containsKey(node)) {
      closure.run(cell, reading(), false);
      return Request.IMMEDIATE;
    }
    Pending added = new Pending(node, closure, cell);
    pending.add(added);
    return new Request() {
      @Override
      public void cancel() {
        cancelled++;
        pending.remove(added);
      }

      @Override
      public boolean isDone() {
        return !pending.contains(added);
      }
    };
  }

  private static Reading<Content> reading() {
    return Reading.of(new Content("1\n".getBytes(UTF_8), null, 0, 0), 0, 0);
  }

  /** What is asked for. */
  List<String> asked() {
    return pending.stream().map(each -> each.node.name()).toList();
  }

  /** A value is there now: requests for it end, and observers are told. */
  void has(String path, String value, long takenMillis) {
    File file = new File(path);
    cache.put(
        file,
        new Shown(Shown.State.FRESH, value, true, takenMillis, takenMillis, TTL_MILLIS, null));
    end(file, reading());
    observer.contentChanged(file);
  }

  void fail(String path, String why) {
    File file = new File(path);
    Failure<Content> failure = new Failure<>(Failure.Reason.TIMEOUT, why);
    end(file, failure);
    observer.unreadable(file, failure);
  }

  private void end(File file, Outcome<Content> outcome) {
    for (Pending each : List.copyOf(pending)) {
      if (each.node.equals(file)) {
        pending.remove(each);
        each.closure.run(each.cell, outcome, true);
      }
    }
  }

  @Override
  public FileSystem.Watch watch(Requester requester, Node node) {
    watched.add(node.name());
    return () -> watched.remove(node.name());
  }

  @Override
  public void observe(FileSystem.Observer to) {
    observer = to;
  }

  @Override
  public Shown cached(Node node) {
    return cache.get(node);
  }

  @Override
  public Shown of(Node node, Outcome<Content> outcome) {
    if (outcome instanceof Failure<Content> failure) {
      Shown known = cache.get(node);
      return known == null ? Shown.failed(failure) : known.stale(failure.message());
    }
    return cache.get(node);
  }
}
