package org.aeiou.daemon.contract;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.write.Assignment;
import org.aeiou.daemon.service.write.Author;
import org.aeiou.daemon.service.write.Written;
import org.aeiou.daemon.testing.Users;
import org.aeiou.daemon.tree.Node;

/**
 * Files in memory. Every path in {@link #held} is a miss: its requests wait in {@link #waiting}
 * until the test completes them.
 */
public final class MemoryFileSystem implements FileSystem {
  static final int DIRECTORY_MODE = 040555;
  static final int FILE_MODE = 0100444;
  static final int WRITERS = 0220;

  /** A place, by its path: the root is empty, others are like {@code /a/b}. */
  public record Place(String path, boolean isDirectory) implements Node {
    @Override
    public String name() {
      return path.substring(path.lastIndexOf('/') + 1);
    }
  }

  /** A request that waits for the test. */
  public static final class Wait implements Request {
    private final AtomicBoolean done = new AtomicBoolean();
    private final Runnable outcome;
    private final Runnable cancelled;
    final String path;
    public final AtomicInteger cancels = new AtomicInteger();

    private <V, C> Wait(
        String path, Closure<V, C> closure, C context, java.util.function.Supplier<Outcome<V>> v) {
      this.path = path;
      outcome = () -> closure.run(context, v.get(), true);
      cancelled =
          () ->
              closure.run(
                  context, new Failure<>(Failure.Reason.CANCELLED, path + " withdrawn"), true);
    }

    /** Ends it with what the file system holds now; false if it has its outcome. */
    boolean complete() {
      return done.compareAndSet(false, true) && run(outcome);
    }

    /** Ends it as a withdrawn request does. */
    public boolean completeCancelled() {
      return done.compareAndSet(false, true) && run(cancelled);
    }

    private static boolean run(Runnable what) {
      what.run();
      return true;
    }

    @Override
    public void cancel() {
      cancels.incrementAndGet();
    }

    @Override
    public boolean isDone() {
      return done.get();
    }
  }

  public final Place root = new Place("", true);
  public final Map<String, byte[]> files = new ConcurrentSkipListMap<>();
  public final Map<String, Failure.Reason> failures = new ConcurrentHashMap<>();
  public final Map<String, Outcome<?>> outcomes = new ConcurrentHashMap<>();
  public final Map<String, byte[]> xattrs = new TreeMap<>();
  public final Collection<String> held = ConcurrentHashMap.newKeySet();
  public final ConcurrentLinkedQueue<Wait> waiting = new ConcurrentLinkedQueue<>();
  public final Map<String, Integer> reads = new ConcurrentHashMap<>();
  public final Map<String, Integer> lists = new ConcurrentHashMap<>();
  public final Collection<String> unread = ConcurrentHashMap.newKeySet();

  /** Which files can be written. */
  public final Collection<String> writable = ConcurrentHashMap.newKeySet();

  /** What was written: the user, the process, the path, the text. */
  public final List<String> writes = new java.util.concurrent.CopyOnWriteArrayList<>();

  /** What a write with this path is called in {@link #held} and {@link #failures}. */
  public static String write(String path) {
    return "write " + path;
  }

  public final List<Observer> observers = new ArrayList<>();
  public final List<String> watched = new ArrayList<>();

  /** What another thread does just after the next look into the cache; null if nothing. */
  public Runnable afterCached;

  /** Whether what was read is in a cache, or every read a new one. */
  public volatile boolean isCached;

  public long takenNanos;
  public volatile long graceNanos = 1_000_000_000L;
  public volatile long entryValid = 1_000_000_000L;
  public volatile long missingValid;
  public volatile long contentValid = 1_000_000_000L;
  public volatile long attributesValid = 1_000_000_000L;
  public volatile long listingValid = 1_000_000_000L;
  public long changedMillis = 1_700_000_000_123L;

  public MemoryFileSystem file(String path, String content) {
    files.put(path, content.getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** From now on what was read is in a cache, until it changes. */
  public MemoryFileSystem cached() {
    isCached = true;
    return this;
  }

  public void completeAll() {
    for (Wait wait = waiting.poll(); wait != null; wait = waiting.poll()) {
      wait.complete();
    }
  }

  @Override
  public Requester requester(int uid) {
    return Users.requester("user " + uid);
  }

  @Override
  public Node root() {
    return root;
  }

  @Override
  public <C> Request lookup(
      Requester requester, Node directory, String name, Closure<Entry, C> closure, C context) {
    String path = ((Place) directory).path() + "/" + name;
    return submit(path, closure, context, () -> entry(path, name));
  }

  private Outcome<Entry> entry(String path, String name) {
    Place place = place(path);
    long valid = place == null ? missingValid : entryValid(place);
    return Reading.of(new Entry(name, place, valid), 0, 0);
  }

  private long entryValid(Place place) {
    return place.isDirectory() || isCached ? entryValid : Math.min(entryValid, contentValid);
  }

  private Place place(String path) {
    if (files.containsKey(path)) {
      return new Place(path, false);
    }
    boolean directory = files.keySet().stream().anyMatch(file -> file.startsWith(path + "/"));
    return directory ? new Place(path, true) : null;
  }

  @Override
  public <C> Request list(
      Requester requester, Node directory, Closure<Listing, C> closure, C context) {
    String path = ((Place) directory).path();
    lists.merge(path, 1, Integer::sum);
    return submit(path + "/", closure, context, () -> listing(path));
  }

  private Outcome<Listing> listing(String path) {
    List<Entry> entries = new ArrayList<>();
    String prefix = path + "/";
    String last = null;
    for (String file : files.keySet()) {
      if (file.startsWith(prefix)) {
        int slash = file.indexOf('/', prefix.length());
        String name = file.substring(prefix.length(), slash < 0 ? file.length() : slash);
        if (!name.equals(last)) {
          Place place = new Place(prefix + name, slash >= 0);
          entries.add(new Entry(name, place, entryValid(place)));
          last = name;
        }
      }
    }
    return Reading.of(new Listing(entries, listingValid), 0, 0);
  }

  @Override
  public <C> Request read(Requester requester, Node file, Closure<Content, C> closure, C context) {
    String path = ((Place) file).path();
    reads.merge(path, 1, Integer::sum);
    if (!failures.containsKey(path)) {
      unread.remove(path);
    }
    return submit(
        path, closure, context, () -> Reading.of(content((Place) file, contentValid), 0, 0));
  }

  @Override
  public boolean isWritable(Node node) {
    return writable.contains(((Place) node).path());
  }

  /** What is written is what there is to read from then on, in capital letters. */
  @Override
  public <C> Request write(
      Author author,
      Requester requester,
      List<Assignment> assignments,
      Closure<Written, C> closure,
      C context) {
    Place file = (Place) assignments.get(0).file();
    String text = assignments.get(0).text();
    writes.add(author + ": " + file.path() + " = " + text);
    return submit(
        write(file.path()),
        closure,
        context,
        () -> {
          if (text == null) {
            return new Failure<>(Failure.Reason.BAD_REQUEST, "is not text in UTF-8");
          }
          file(file.path(), text.toUpperCase(Locale.ROOT));
          observers.forEach(observer -> observer.contentChanged(file));
          return Reading.of(new Written(List.of()), 0, 0);
        });
  }

  private Content content(Place file, long valid) {
    Attributes attributes = attributes(file);
    return new Content(
        files.get(file.path()),
        attributes.validFor(Math.min(valid, attributes.validNanos())),
        takenNanos,
        Math.max(0, valid) + graceNanos);
  }

  /** What was read is in the cache as it is now, unless it may not be kept. */
  @Override
  public Content cached(Node file) {
    Place place = (Place) file;
    boolean known = !unread.contains(place.path()) && files.containsKey(place.path());
    Content seen = known && isCached ? content(place, contentValid) : null;
    Runnable meanwhile = afterCached;
    if (seen != null && meanwhile != null) {
      afterCached = null;
      meanwhile.run();
    }
    return seen;
  }

  @Override
  public boolean isUnread(Node file) {
    return unread.contains(((Place) file).path());
  }

  @Override
  public void observe(Observer observer) {
    observers.add(observer);
  }

  @Override
  public Watch watch(Requester requester, Node file) {
    watched.add(((Place) file).path());
    return () -> watched.remove(((Place) file).path());
  }

  private <V, C> Request submit(
      String path,
      Closure<V, C> closure,
      C context,
      java.util.function.Supplier<Outcome<V>> outcome) {
    java.util.function.Supplier<Outcome<V>> result = () -> orElse(path, outcome);
    if (held.contains(path)) {
      Wait wait = new Wait(path, closure, context, result);
      waiting.add(wait);
      return wait;
    }
    closure.run(context, result.get(), false);
    return Request.IMMEDIATE;
  }

  @SuppressWarnings("unchecked") // A test that sets an outcome sets one of the right type.
  private <V> Outcome<V> orElse(String path, java.util.function.Supplier<Outcome<V>> outcome) {
    Failure.Reason reason = failures.get(path);
    if (reason != null) {
      return new Failure<>(reason, path);
    }
    Outcome<?> other = outcomes.get(path);
    return other == null ? outcome.get() : (Outcome<V>) other;
  }

  @Override
  public Attributes attributes(Node node) {
    Place place = (Place) node;
    byte[] content = files.getOrDefault(place.path(), new byte[0]);
    boolean unknown = unread.contains(place.path());
    return new Attributes(
        place.isDirectory() ? 0 : unknown ? 4096 : content.length,
        place.isDirectory() ? DIRECTORY_MODE : FILE_MODE | (isWritable(place) ? WRITERS : 0),
        0,
        0,
        place.isDirectory() ? 2 : 1,
        changedMillis + 1,
        changedMillis,
        unknown ? 0 : attributesValid);
  }

  @Override
  public List<String> extendedAttributes(Node node) {
    return List.copyOf(xattrs.keySet());
  }

  @Override
  public byte[] extendedAttribute(Node node, String name) {
    return xattrs.get(name);
  }

  @Override
  public Usage usage() {
    return new Usage(files.size());
  }
}
