package org.aeiou.daemon.service;

import com.google.common.base.Ticker;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.scheduler.Burst;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.Freshness;
import org.aeiou.daemon.tree.AttributeFile;
import org.aeiou.daemon.tree.Directory;
import org.aeiou.daemon.tree.MonitoredSystem;
import org.aeiou.daemon.tree.Network;
import org.aeiou.daemon.tree.Node;
import org.aeiou.daemon.tree.TextFile;
import org.aeiou.daemon.tree.View;

/**
 * Answers for the whole tree: what the cache holds inside the call, the rest through the completion
 * scheduler.
 *
 * <p>Any thread may call any method; none waits.
 */
public final class AttributeService implements FileSystem {
  private final Network network;
  private final Supplier<Burst> bursts;
  private final Asking asking;
  private final Contents contents;
  private final Names names;
  private final NodeAttributes nodeAttributes;
  private final ExtendedAttributes extendedAttributes;
  private final Observers observers;
  private final Watches watches;
  private final Glance glance = new Glance();
  private final Ticker ticker;
  private final InstantSource clock;

  /**
   * A service for a network.
   *
   * @param observers who is told of changes; the caches' listener
   * @param bursts begins a burst at the scheduler
   * @param delays for what is to be read again
   * @param ticker for the ages of readings; the same that the readings were taken by
   * @param clock for what people see
   */
  public AttributeService(
      Network network,
      Ownership ownership,
      Observers observers,
      Supplier<Burst> bursts,
      Delays delays,
      Ticker ticker,
      InstantSource clock) {
    this.network = network;
    this.bursts = bursts;
    this.ticker = ticker;
    this.clock = clock;
    this.asking = new Asking(ticker);
    this.observers = observers;
    this.watches = new Watches(this, delays, ticker);
    this.names = new Names(network, glance, ticker);
    this.contents = new Contents(ownership, ticker, clock);
    this.nodeAttributes = new NodeAttributes(ownership, glance, contents, names, ticker, clock);
    this.extendedAttributes = new ExtendedAttributes(glance, ticker);
    network.listen(observers::namesChanged);
  }

  @Override
  public Node root() {
    return network.root();
  }

  @Override
  public <C> Request lookup(Node directory, String name, Closure<Entry, C> closure, C context) {
    Directory parent = (Directory) directory;
    List<Question> questions = parent.toFind(name);
    if (questions.isEmpty()) {
      closure.run(
          context,
          now(names.entry(parent, name, parent.find(name, Directory.Answers.NONE))),
          false);
      return Request.IMMEDIATE;
    }
    return new Exploration<>(parent, questions, closure, context) {
      @Override
      Outcome<Entry> explore(Directory.Answers answers) {
        return now(names.entry(parent, name, parent.find(name, answers)));
      }
    }.start(asking, directoryFreshness(parent), null);
  }

  @Override
  public <C> Request list(Node directory, Closure<Listing, C> closure, C context) {
    Directory parent = (Directory) directory;
    List<Question> questions = parent.toList();
    if (questions.isEmpty()) {
      closure.run(context, now(names.listing(parent, parent.list(Directory.Answers.NONE))), false);
      return Request.IMMEDIATE;
    }
    return new Exploration<>(parent, questions, closure, context) {
      @Override
      Outcome<Listing> explore(Directory.Answers answers) {
        return now(names.listing(parent, parent.list(answers)));
      }
    }.start(asking, directoryFreshness(parent), bursts.get());
  }

  @Override
  public <C> Request read(Node file, Closure<Content, C> closure, C context) {
    return read(file, null, closure, context);
  }

  /** Reads a whole file; a miss is sent off when the burst ends, or now if it is null. */
  public <C> Request read(Node file, Burst burst, Closure<Content, C> closure, C context) {
    if (file instanceof TextFile text) {
      closure.run(context, contents.of(text), false);
      return Request.IMMEDIATE;
    }
    AttributeFile attribute = (AttributeFile) file;
    return readValue(
        attribute,
        burst,
        (given, outcome, delayed) -> closure.run(given, contents.of(attribute, outcome), delayed),
        context);
  }

  /** Reads an attribute's value, as the system gave it. */
  public <C> Request readValue(
      AttributeFile file, Burst burst, Closure<Value, C> closure, C context) {
    MonitoredSystem.Attachment attachment = file.system().attachment();
    if (attachment == null) {
      closure.run(context, removed(file.system()), false);
      return Request.IMMEDIATE;
    }
    Freshness freshness = attachment.lifetimes().of(file.attribute());
    return new AttributeRead<>(asking, file, freshness, burst, closure, context).start();
  }

  @Override
  public Content cached(Node node) {
    // What is made anew, or fetched, at each read is in no cache.
    if (!(node instanceof AttributeFile file) || file.view() == View.UNCACHED) {
      return null;
    }
    Glance.Sight sight = glance.at(file);
    Reading<Value> reading = Glance.usable(sight, ticker.read());
    return reading == null ? null : contents.of(file, reading, sight.freshness());
  }

  @Override
  public void observe(Observer observer) {
    observers.add(observer);
  }

  @Override
  public Watch watch(Node file) {
    return file instanceof AttributeFile attribute ? watches.open(attribute) : () -> {};
  }

  @Override
  public Attributes attributes(Node node) {
    return nodeAttributes.of(node);
  }

  @Override
  public List<String> extendedAttributes(Node node) {
    return node instanceof AttributeFile file ? extendedAttributes.names(file) : List.of();
  }

  @Override
  public byte[] extendedAttribute(Node node, String name) {
    return node instanceof AttributeFile file ? extendedAttributes.value(file, name) : null;
  }

  /**
   * What is known of an attribute besides its value, from the cache: as its extended attributes
   * say, and {@code syntax}, which is how {@code raw} is written. Of other files, nothing.
   */
  public Map<String, String> description(Node node) {
    return node instanceof AttributeFile file ? extendedAttributes.description(file) : Map.of();
  }

  @Override
  public Usage usage() {
    long files = 0;
    for (MonitoredSystem system : network.systems()) {
      MonitoredSystem.Attachment attachment = system.attachment();
      files += attachment == null ? 0 : attachment.cache().size();
    }
    return new Usage(files, files * NodeAttributes.UNKNOWN_SIZE);
  }

  private static Freshness directoryFreshness(Directory directory) {
    MonitoredSystem.Attachment attachment = directory.system().attachment();
    // Without an attachment nothing is asked, so that any will do.
    return attachment == null ? new Freshness(1, 0) : attachment.lifetimes().ofDirectories();
  }

  private static <T> Outcome<T> removed(MonitoredSystem system) {
    return new Failure<>(
        Failure.Reason.UNKNOWN_NAME, system.name() + " was taken out of the configuration");
  }

  private <T> Outcome<T> now(T found) {
    return Reading.of(found, ticker.read(), clock.millis());
  }
}
