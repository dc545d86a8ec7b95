package org.aeiou.daemon.kernel;

import static org.aeiou.daemon.testing.Eventually.eventually;

import com.google.common.base.Splitter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.aeiou.closures.Absent;
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
 * A file system in memory that does what the test says: answers at once, or when it is told to, or
 * with a failure. What is delayed is answered on a thread of its own, as by a scheduler. Any thread
 * may call.
 */
public final class ScriptedFileSystem implements FileSystem, AutoCloseable {
  public static final long TAKEN_MILLIS = 1_700_000_005_678L;
  public static final long CHANGED_MILLIS = 1_700_000_001_234L;

  /** As before the first reading. */
  public static final int UNKNOWN_SIZE = 4096;

  private static final int DIRECTORY_MODE = 0040555;
  private static final int FILE_MODE = 0100444;
  private static final int WRITERS = 0220;

  /** A node, known by its path; the root's is empty. */
  public record Place(String path, boolean isDirectory) implements Node {
    @Override
    public String name() {
      return path.substring(path.lastIndexOf('/') + 1);
    }
  }

  /** What is known of one node. Guarded by the file system. */
  private static final class Script {
    final Place place;
    final Map<String, Script> children = new LinkedHashMap<>();
    final Map<String, byte[]> extended = new TreeMap<>();
    final List<Pending<?>> pending = new ArrayList<>();

    /** What a read ends in; null while reads are delayed. */
    Outcome<Content> outcome;

    /** What a write ends in, made when it ends; null while writes are delayed. */
    Function<String, Outcome<Written>> verdict;

    boolean isWritable;
    boolean slowListing;
    boolean slowNames;
    int lookups;
    int reads;
    int cancelled;

    Script(Place place) {
      this.place = place;
    }
  }

  /** A request that waits for the test's word. */
  private final class Pending<V> implements Request {
    private final Script script;
    private final Supplier<Outcome<V>> truth;
    private final Consumer<Outcome<V>> closure;
    private boolean done;

    <C> Pending(Script script, Supplier<Outcome<V>> truth, Closure<V, C> closure, C context) {
      this.script = script;
      this.truth = truth;
      this.closure = outcome -> closure.run(context, outcome, true);
    }

    /** Answers with what is true by now. */
    void release() {
      end(truth.get());
    }

    void fail(Failure.Reason reason) {
      end(new Failure<>(reason, "as the script says"));
    }

    /** Answers on the other thread, if none did. */
    private void end(Outcome<V> outcome) {
      synchronized (ScriptedFileSystem.this) {
        if (done) {
          return;
        }
        done = true;
        script.pending.remove(this);
      }
      answers.execute(() -> closure.accept(outcome));
    }

    @Override
    public void cancel() {
      synchronized (ScriptedFileSystem.this) {
        if (!done) {
          script.cancelled++;
        }
      }
      fail(Failure.Reason.CANCELLED);
    }

    @Override
    public boolean isDone() {
      synchronized (ScriptedFileSystem.this) {
        return done;
      }
    }
  }

  private final List<String> writes = new CopyOnWriteArrayList<>();
  private final List<Observer> observers = new CopyOnWriteArrayList<>();
  private final Script root = new Script(new Place("", true));
  private final ExecutorService answers =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread thread = new Thread(task, "scripted-answers");
            thread.setDaemon(true);
            return thread;
          });

  /** For how long names, listings and attributes may be kept. */
  private volatile long namesValidNanos = TimeUnit.SECONDS.toNanos(1);

  private volatile long contentValidNanos;

  // What a test writes in its script.

  public void keepNames(long nanos) {
    namesValidNanos = nanos;
  }

  public void keepContent(long nanos) {
    contentValidNanos = nanos;
  }

  /** Says that names in a directory came, went, or stand for something else. */
  public void namesChanged(String directory, String... names) {
    Place place = new Place(directory, true);
    observers.forEach(observer -> observer.namesChanged(place, List.of(names)));
  }

  public void directory(String path) {
    make(path, true);
  }

  /** A directory with a listing that is delayed until {@link #release}. */
  public void slowDirectory(String path) {
    synchronized (this) {
      make(path, true).slowListing = true;
    }
  }

  /** A directory in which each look-up is delayed until {@link #release}. */
  public void slowNames(String path) {
    synchronized (this) {
      make(path, true).slowNames = true;
    }
  }

  public void file(String path, String text) {
    file(path, text.getBytes(StandardCharsets.UTF_8));
  }

  /** A file with a reading that is there, or is there from now on. Ends what is pending for it. */
  public void file(String path, byte[] bytes) {
    outcome(path, content(path, bytes));
  }

  private Outcome<Content> content(String path, byte[] bytes) {
    Attributes attributes =
        new Attributes(
            bytes.length, mode(path), 0, 0, 1, TAKEN_MILLIS, CHANGED_MILLIS, contentValidNanos);
    long usable = contentValidNanos + TimeUnit.SECONDS.toNanos(1);
    return reading(new Content(bytes, attributes, 0, usable));
  }

  private synchronized int mode(String path) {
    return make(path, false).isWritable ? FILE_MODE | WRITERS : FILE_MODE;
  }

  /** A file with readings that are delayed until {@link #file} or {@link #outcome}. */
  public void coldFile(String path) {
    synchronized (this) {
      make(path, false).outcome = null;
    }
  }

  /** A file that ends in a failure, at once. */
  public void failing(String path, Failure.Reason reason) {
    outcome(path, new Failure<>(reason, "as the script says"));
  }

  /** A file that the system does not have. */
  public void absent(String path) {
    outcome(path, new Absent<>(0, TAKEN_MILLIS));
  }

  /** What reads of a file end in from now on, those that are pending too. */
  public void outcome(String path, Outcome<Content> outcome) {
    synchronized (this) {
      make(path, false).outcome = outcome;
    }
    release(path);
  }

  /** A file that can be written: what is written is what there is to read then. */
  public void writable(String path) {
    verdict(path, text -> written(path, text));
  }

  /** A file with writes that are delayed until {@link #writable} or {@link #refusesWrites}. */
  public void slowToWrite(String path) {
    verdict(path, null);
  }

  /** A file that can be written as far as is known, and whose system refuses it. */
  public void refusesWrites(String path, Failure.Reason reason) {
    verdict(path, text -> new Failure<>(reason, "as the script says"));
  }

  private void verdict(String path, Function<String, Outcome<Written>> verdict) {
    synchronized (this) {
      Script script = make(path, false);
      script.isWritable = true;
      script.verdict = verdict;
    }
    if (verdict != null) {
      release(path);
    }
  }

  private Outcome<Written> written(String path, String text) {
    Outcome<Content> content = content(path, text.getBytes(StandardCharsets.UTF_8));
    Place place;
    synchronized (this) {
      Script script = find(path);
      script.outcome = content;
      place = script.place;
    }
    observers.forEach(observer -> observer.contentChanged(place));
    return reading(new Written(List.of()));
  }

  /** The processes and texts that were written, in order. */
  public List<String> writes() {
    return List.copyOf(writes);
  }

  public void extended(String path, String name, byte[] value) {
    synchronized (this) {
      find(path).extended.put(name, value);
    }
  }

  /** Lets what is pending for a path be answered, and a slow directory be slow no longer. */
  public void release(String path) {
    List<Pending<?>> ending;
    synchronized (this) {
      Script script = find(path);
      script.slowListing = false;
      script.slowNames = false;
      ending = List.copyOf(script.pending);
    }
    ending.forEach(Pending::release);
  }

  // What a test sees.

  /** Waits until so many requests for a path are pending. */
  public void awaitPending(String path, int count) throws Exception {
    eventually(count + " requests pending for " + path, () -> pending(path) >= count);
  }

  public synchronized int pending(String path) {
    return find(path).pending.size();
  }

  /** How many names were looked up in a directory. */
  public synchronized int lookups(String path) {
    return find(path).lookups;
  }

  /** How often a file was read. */
  public synchronized int reads(String path) {
    return find(path).reads;
  }

  /** How many pending requests were cancelled. */
  public synchronized int cancelled(String path) {
    return find(path).cancelled;
  }

  /** Ends everything that is pending, so that no thread is left waiting for this test. */
  @Override
  public void close() {
    List<Pending<?>> ending = new ArrayList<>();
    synchronized (this) {
      collect(root, ending);
    }
    ending.forEach(pending -> pending.fail(Failure.Reason.STOPPED));
    answers.shutdown();
  }

  private static void collect(Script script, List<Pending<?>> into) {
    into.addAll(script.pending);
    script.children.values().forEach(child -> collect(child, into));
  }

  // What a channel sees.

  @Override
  public Requester requester(int uid) {
    return Users.requester("user " + uid);
  }

  @Override
  public Node root() {
    return root.place;
  }

  @Override
  public <C> Request lookup(
      Requester requester, Node directory, String name, Closure<Entry, C> closure, C context) {
    Script script = find(((Place) directory).path);
    Supplier<Outcome<Entry>> truth = () -> reading(entry(script, name));
    synchronized (this) {
      script.lookups++;
    }
    return answer(script, () -> script.slowNames ? null : truth.get(), truth, closure, context);
  }

  @Override
  public <C> Request list(
      Requester requester, Node directory, Closure<Listing, C> closure, C context) {
    Script script = find(((Place) directory).path);
    Supplier<Outcome<Listing>> truth = () -> reading(listing(script));
    return answer(script, () -> script.slowListing ? null : truth.get(), truth, closure, context);
  }

  @Override
  public <C> Request read(Requester requester, Node file, Closure<Content, C> closure, C context) {
    Script script = find(((Place) file).path);
    synchronized (this) {
      script.reads++;
    }
    return answer(script, () -> script.outcome, () -> script.outcome, closure, context);
  }

  @Override
  public synchronized boolean isWritable(Node node) {
    return find(((Place) node).path).isWritable;
  }

  @Override
  public <C> Request write(
      Author author,
      Requester requester,
      List<Assignment> assignments,
      Closure<Written, C> closure,
      C context) {
    Assignment assignment = assignments.get(0);
    Script script = find(((Place) assignment.file()).path);
    writes.add(author.uid() + " " + assignment.text());
    Supplier<Outcome<Written>> verdict =
        () -> script.verdict == null ? null : script.verdict.apply(assignment.text());
    return answer(script, verdict, verdict, closure, context);
  }

  /** Every read is a new one. */
  @Override
  public Content cached(Node file) {
    return null;
  }

  @Override
  public void observe(Observer observer) {
    observers.add(observer);
  }

  @Override
  public Watch watch(Requester requester, Node file) {
    return () -> {};
  }

  private <V, C> Request answer(
      Script script,
      Supplier<Outcome<V>> now,
      Supplier<Outcome<V>> later,
      Closure<V, C> closure,
      C context) {
    Outcome<V> outcome;
    synchronized (this) {
      outcome = now.get();
      if (outcome == null) {
        Pending<V> pending = new Pending<>(script, later, closure, context);
        script.pending.add(pending);
        return pending;
      }
    }
    closure.run(context, outcome, false);
    return Request.IMMEDIATE;
  }

  @Override
  public synchronized Attributes attributes(Node node) {
    Script script = find(((Place) node).path);
    boolean directory = node.isDirectory();
    return new Attributes(
        directory ? 0 : size(script),
        directory ? DIRECTORY_MODE : FILE_MODE | (script.isWritable ? WRITERS : 0),
        0,
        0,
        directory ? 2 : 1,
        TAKEN_MILLIS,
        CHANGED_MILLIS,
        0);
  }

  private static long size(Script script) {
    return script.outcome instanceof Reading<Content> reading
        ? reading.value().bytes().length
        : UNKNOWN_SIZE;
  }

  @Override
  public synchronized List<String> extendedAttributes(Node node) {
    return List.copyOf(find(((Place) node).path).extended.keySet());
  }

  @Override
  public synchronized byte[] extendedAttribute(Node node, String name) {
    return find(((Place) node).path).extended.get(name);
  }

  @Override
  public Usage usage() {
    return new Usage(12);
  }

  private synchronized Entry entry(Script directory, String name) {
    Script child = directory.children.get(name);
    long valid =
        child == null || child.place.isDirectory
            ? namesValidNanos
            : Math.min(namesValidNanos, contentValidNanos);
    return new Entry(name, child == null ? null : child.place, valid);
  }

  private synchronized Listing listing(Script directory) {
    return new Listing(
        directory.children.keySet().stream().map(name -> entry(directory, name)).toList(),
        namesValidNanos);
  }

  private static <V> Outcome<V> reading(V value) {
    return new Reading<>(value, 0, TAKEN_MILLIS, CHANGED_MILLIS);
  }

  private synchronized Script find(String path) {
    Script script = root;
    for (String name : names(path)) {
      script = script.children.get(name);
      if (script == null) {
        throw new IllegalArgumentException("the script has no " + path);
      }
    }
    return script;
  }

  private synchronized Script make(String path, boolean directory) {
    Script script = root;
    List<String> names = names(path);
    for (int i = 0; i < names.size(); i++) {
      Place place =
          new Place(script.place.path + "/" + names.get(i), directory || i < names.size() - 1);
      script = script.children.computeIfAbsent(names.get(i), name -> new Script(place));
    }
    return script;
  }

  private static List<String> names(String path) {
    return Splitter.on('/').omitEmptyStrings().splitToList(path);
  }
}
