package org.aeiou.daemon.service;

import com.google.common.base.Ticker;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.metric.MetricSet;
import org.aeiou.closures.metric.Unit;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.CacheBound;
import org.aeiou.daemon.service.ahead.ReadAhead;
import org.aeiou.daemon.service.fetch.CachePeek;
import org.aeiou.daemon.service.fetch.CachedFetch;
import org.aeiou.daemon.service.fetch.SilentSystemProbes;
import org.aeiou.daemon.service.group.GroupReading;
import org.aeiou.daemon.service.refresh.RefreshAhead;
import org.aeiou.daemon.service.write.Assignment;
import org.aeiou.daemon.service.write.AttributeWrites;
import org.aeiou.daemon.service.write.Author;
import org.aeiou.daemon.service.write.LastFailures;
import org.aeiou.daemon.service.write.Written;
import org.aeiou.daemon.tree.AnsweredFile;
import org.aeiou.daemon.tree.AttributeFile;
import org.aeiou.daemon.tree.Directory;
import org.aeiou.daemon.tree.Network;
import org.aeiou.daemon.tree.Node;
import org.aeiou.daemon.tree.SystemNode;
import org.aeiou.daemon.tree.TextFile;
import org.aeiou.daemon.tree.View;

/**
 * Answers for the whole tree: what the cache holds inside the call, the rest through the completion
 * scheduler.
 *
 * <p>Any thread may call any method; none waits.
 */
public final class AttributeService implements FileSystem {
  private final MetricSet metrics = new MetricSet();
  private final Network network;
  private final Requesters requesters;
  private final SilentSystemProbes probes;
  private final CachedFetch fetch;
  private final RefreshAhead refresh;
  private final ReadAhead ahead;
  private final ContentRenderer renderer;
  private final FileReads reads;
  private final NameLifetimes names;
  private final DirectoryReads directories;
  private final NodeAttributes nodeAttributes;
  private final LastFailures writeFailures;
  private final ExtendedAttributes extendedAttributes;
  private final Observers observers;
  private final CacheBound bound;
  private final WatchedFiles watches;
  private final CachePeek peek = new CachePeek();
  private final AttributeWrites writes;
  private final Ticker ticker;

  /**
   * A service for a network.
   *
   * @param observers told of changes; the caches' listener
   * @param bound what the caches share
   * @param requesters makes a user of the scheduler, by name
   * @param delays for what is to be read again
   * @param ticker for the ages of readings; the same that the readings were taken by
   * @param clock for what people see
   */
  public AttributeService(
      Network network,
      Ownership ownership,
      Observers observers,
      CacheBound bound,
      Function<String, Requester> requesters,
      Delays delays,
      Ticker ticker,
      InstantSource clock) {
    this.network = network;
    this.requesters = new Requesters(requesters);
    this.ticker = ticker;
    this.probes = new SilentSystemProbes(network);
    metrics.counter(
        "asked-ahead",
        "",
        Unit.COUNT,
        "Systems that were asked before a file of theirs was read, to find out whether they answer.",
        probes::ahead);
    this.refresh =
        new RefreshAhead(
            requesters.apply("refresh ahead"), (task, nanos) -> delays.after(nanos, task), ticker);
    this.fetch = new CachedFetch(probes, refresh, ticker, delays::after);
    fetch.countIn(metrics);
    this.writes = new AttributeWrites(fetch, ticker, metrics, network::tell);
    this.ahead = new ReadAhead(ticker);
    this.observers = observers;
    this.bound = bound;
    this.watches = new WatchedFiles(this, peek, refresh, observers, delays, ticker);
    this.names = new NameLifetimes(network, peek, ticker);
    this.directories = new DirectoryReads(fetch, names, ticker, clock);
    this.renderer = new ContentRenderer(ownership, ticker, clock);
    this.reads = new FileReads(fetch, renderer, ticker);
    this.nodeAttributes = new NodeAttributes(ownership, peek, renderer, names, ticker);
    this.writeFailures = new LastFailures(ticker);
    this.extendedAttributes = new ExtendedAttributes(peek, writeFailures, ticker);
    network.listen(
        (directory, names) -> {
          observers.namesChanged(directory, names);
          if (directory.view() == View.NORMAL && directory.only() == null) {
            watches.lookAgain(); // once: the other trees have the same systems
          }
        });
  }

  @Override
  public Node root() {
    return network.root();
  }

  @Override
  public Requester requester(int uid) {
    return requesters.of(uid);
  }

  @Override
  public <C> Request lookup(
      Requester requester, Node directory, String name, Closure<Entry, C> closure, C context) {
    return directories.lookup(requester, (Directory) directory, name, closure, context);
  }

  @Override
  public <C> Request find(
      Requester requester, Node directory, String name, Closure<Entry, C> closure, C context) {
    return directories.find(requester, (Directory) directory, name, closure, context);
  }

  @Override
  public <C> Request list(
      Requester requester, Node directory, Closure<Listing, C> closure, C context) {
    Directory parent = (Directory) directory;
    ahead.listed(requester, parent);
    return directories.list(requester, parent, closure, context);
  }

  @Override
  public <C> Request read(Requester requester, Node file, Closure<Content, C> closure, C context) {
    return reads.read(ahead, requester.alone(), file, closure, context);
  }

  /**
   * Reads a whole file; a miss is sent off when the burst ends. It brings nothing along: a program
   * that asks for many at once says what it wants.
   */
  public <C> Request read(RequesterBurst burst, Node file, Closure<Content, C> closure, C context) {
    return reads.read(null, burst, file, closure, context);
  }

  /** Reads an attribute's value, as the system gave it. */
  public <C> Request readValue(
      RequesterBurst burst, AttributeFile file, Closure<Value, C> closure, C context) {
    return reads.value(null, burst, file, closure, context);
  }

  /**
   * Reads many attributes as one request: those of a group of scalars, of a row, or columns of all
   * rows of a table. Fails if nothing is found out; otherwise each attribute has an outcome of its
   * own.
   *
   * @param columns the names of the attributes; null for all that there are
   */
  public <C> Request readGroup(
      RequesterBurst burst,
      Node directory,
      List<String> columns,
      Closure<GroupReading, C> closure,
      C context) {
    return reads.group(burst, (Directory) directory, columns, false, closure, context);
  }

  /** The same for a program that waits rather than take what is stale. */
  public <C> Request readFreshGroup(
      RequesterBurst burst,
      Node directory,
      List<String> columns,
      Closure<GroupReading, C> closure,
      C context) {
    return reads.group(burst, (Directory) directory, columns, true, closure, context);
  }

  /** To be called when other files may be written than before. */
  public void permissionsChanged() {
    observers.permissionsChanged();
  }

  @Override
  public boolean isWritable(Node node) {
    return AttributeWrites.isWritable(node);
  }

  @Override
  public <C> Request write(
      Author author,
      Requester requester,
      List<Assignment> assignments,
      Closure<Written, C> closure,
      C context) {
    return writes.write(
        author,
        requester,
        assignments,
        (given, outcome, delayed) -> {
          writeFailures.ended(assignments, outcome);
          closure.run(given, outcome, delayed);
        },
        context);
  }

  @Override
  public void notWritten(Node file, String why) {
    writeFailures.failed(file, why);
  }

  @Override
  public Content cached(Node node) {
    // What is made anew, or fetched, at each read is in no cache.
    if (!(node instanceof AnsweredFile file) || file.view() == View.UNCACHED) {
      return null;
    }
    CachePeek.Sight sight = peek.at(file);
    Reading<Value> reading = CachePeek.usable(sight, ticker.read());
    return reading == null ? null : renderer.of(file, reading, sight.freshness());
  }

  @Override
  public void served(Node node) {
    if (node instanceof AttributeFile file) {
      peek.read(file);
    }
  }

  /** Reads files ahead of those that are read one by one. */
  public ReadAhead readAhead() {
    return ahead;
  }

  /** Refreshes what is watched, or read regularly, before it is stale. */
  public RefreshAhead refreshAhead() {
    return refresh;
  }

  @Override
  public boolean isUnread(Node node) {
    return node instanceof AnsweredFile file
        && file.view() != View.UNCACHED
        && CachePeek.usable(peek.at(file), ticker.read()) == null;
  }

  @Override
  public boolean isNeverRead(Node node) {
    return node instanceof AnsweredFile file && !(peek.at(file).outcome() instanceof Reading);
  }

  @Override
  public long unreadMillis(Node node) {
    return node instanceof SystemNode of && of.system() != null
        ? names.sinceMillis(of.system())
        : 0;
  }

  @Override
  public Absence absence(Node node) {
    if (!(node instanceof AnsweredFile file) || file.view() == View.UNCACHED) {
      return null;
    }
    CachePeek.Absence known = peek.absence(file);
    if (known == null) {
      return null;
    }
    long left = known.freshness().ttlNanos() - (ticker.read() - known.outcome().takenNanos());
    long usable = left + known.freshness().graceNanos();
    return usable <= 0
        ? null
        : new Absence(known.outcome().takenMillis(), Math.max(0, left), usable);
  }

  @Override
  public long existsNanos(Node node) {
    if (!(node instanceof SystemNode of) || node instanceof TextFile) {
      return 0;
    }
    Directory directory =
        node instanceof AttributeFile file
            ? file.directory()
            : node instanceof Directory is ? is : null;
    return directory == null
        ? NameLifetimes.FIXED_NANOS
        : names.usableNanos(directory, of.toExist());
  }

  @Override
  public long unknownNanos() {
    return NameLifetimes.ABSENT_NANOS;
  }

  @Override
  public void observe(Observer observer) {
    observers.add(observer);
  }

  @Override
  public Watch watch(Requester requester, Node file) {
    return file instanceof AnsweredFile answered ? watches.open(requester, answered) : () -> {};
  }

  @Override
  public Attributes attributes(Node node) {
    return nodeAttributes.of(node);
  }

  @Override
  public List<String> extendedAttributes(Node node) {
    return node instanceof AnsweredFile file ? extendedAttributes.names(file) : List.of();
  }

  @Override
  public byte[] extendedAttribute(Node node, String name) {
    return node instanceof AnsweredFile file ? extendedAttributes.value(file, name) : null;
  }

  /**
   * {@inheritDoc} As its extended attributes say, and {@code syntax}, which is how {@code raw} is
   * written. Of other files, nothing.
   */
  @Override
  public Map<String, String> description(Node node) {
    return node instanceof AnsweredFile file ? extendedAttributes.description(file) : Map.of();
  }

  @Override
  public Usage usage() {
    return new Usage(bound.slots());
  }

  /** Tells observers that a file has grown. */
  public void grown(Node file) {
    observers.contentGrown(file);
  }

  public MetricSet metrics() {
    return metrics;
  }
}
