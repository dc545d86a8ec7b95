package org.aeiou.daemon.attach;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Ticker;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.closures.shared.CompletionRing.Completion;
import org.aeiou.closures.shared.Kind;
import org.aeiou.closures.shared.Operation;
import org.aeiou.closures.shared.Posix;
import org.aeiou.daemon.service.AttributeService;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.FileSystem.Attributes;
import org.aeiou.daemon.service.FileSystem.Content;
import org.aeiou.daemon.service.FileSystem.Entry;
import org.aeiou.daemon.service.FileSystem.Listing;
import org.aeiou.daemon.service.Walk;
import org.aeiou.daemon.tree.Node;

/**
 * What clients can ask for: each operation finds what its path names, and ends in an outcome. Any
 * thread may call any method; none waits.
 */
final class Operations implements FileSystem.Observer {
  private static final String CACHED = ".cached/";
  private static final String UNCACHED = ".uncached/";

  private final AttributeService files;
  private final Table table;
  private final int mostNodes;
  private final Ticker ticker;

  /** What paths of attributes name, as long as no name comes or goes. */
  private final Map<String, Node> nodes = new ConcurrentHashMap<>();

  /** For what no client in particular asks. */
  private final Requester own;

  private final Watchers watchers = new Watchers();
  private final Chains chains = new Chains(this::step, this::value);

  Operations(AttributeService files, Table table, int mostNodes, Ticker ticker) {
    this.mostNodes = mostNodes;
    this.files = files;
    this.table = table;
    this.ticker = ticker;
    this.own = files.requester(Posix.INSTANCE.geteuid());
  }

  /** Starts a request. A miss is sent off when the burst ends, if it could be asked by then. */
  void start(Pending request, long target, RequesterBurst burst) {
    if (request.next != null) {
      step(request, request.path);
      return;
    }
    Client client = request.client;
    switch (request.operation) {
      case Operation.CANCEL -> client.end(request, cancelled(client.cancel(request, target)));
      case Operation.CANCEL_GROUP ->
          client.end(request, cancelled(client.cancelGroup(request, target)));
      case Operation.WRITE ->
          refuse(request, Failure.Reason.NOT_WRITABLE, "nothing can be written yet");
      case Operation.READ, Operation.STAT, Operation.LIST, Operation.WATCH ->
          find(request, request.path, burst);
      default ->
          refuse(
              request,
              Failure.Reason.BAD_ANSWER,
              "operation " + request.operation + " is not known");
    }
  }

  private static Completion cancelled(int answer) {
    return new Completion(Kind.CANCEL, answer, new byte[0], 0, 0, 0, 0);
  }

  private static void refuse(Pending request, Failure.Reason reason, String message) {
    request.client.fail(request, new Failure<>(reason, message));
  }

  /** Clients may ask for as many paths as they like; what is not remembered is found again. */
  private void remember(String path, Node node, long names) {
    if (nodes.size() >= mostNodes) {
      nodes.clear();
    }
    nodes.put(path, node);
    if (names != table.names()) {
      // It was looked for before names changed, and put here after what there was was forgotten.
      nodes.remove(path);
    }
  }

  Chains chains() {
    return chains;
  }

  /** Starts a later step of a chain. */
  private void step(Pending request, String path) {
    if (request.operation == Operation.READ
        || request.operation == Operation.STAT
        || request.operation == Operation.LIST) {
      find(request, path, request.client.requester.alone());
    } else {
      refuse(request, Failure.Reason.BAD_ANSWER, "a chain is made of reads, stats and lists only");
    }
  }

  /** Reads one of many values for a step. */
  private void value(Requester requester, String wanted, Consumer<byte[]> then) {
    String path = Paths.canonical(wanted);
    long names = table.names();
    Walk.start(
        files,
        requester,
        path,
        new Walk.Found() {
          @Override
          public void found(Node node, boolean delayed) {
            if (node.isDirectory()) {
              then.accept(null);
              return;
            }
            files.read(
                requester,
                node,
                (none, outcome, late) -> {
                  byte[] bytes = null;
                  if (outcome instanceof Reading<Content> reading) {
                    table.read(path, node, names);
                    bytes = Table.value(reading.value().bytes());
                  }
                  then.accept(bytes);
                },
                null);
          }

          @Override
          public void failed(Failure<?> failure, boolean delayed) {
            then.accept(null);
          }
        });
  }

  private void find(Pending request, String wanted, RequesterBurst burst) {
    if (wanted == null || request.cookie == 0 || request.number == 0) {
      refuse(
          request,
          Failure.Reason.UNKNOWN_NAME,
          "a path in UTF-8 that fits its page, a cookie and a number are needed");
      return;
    }
    long names = table.names();
    String canonical = Paths.canonical(wanted);
    String path =
        request.has(Operation.FORCE_MISS)
            ? UNCACHED + canonical
            : request.has(Operation.HIT_ONLY) ? CACHED + canonical : canonical;
    Node known = nodes.get(path);
    if (known != null) {
      found(request, canonical, known, names, burst);
      return;
    }
    Walk.start(
        files,
        request.client.requester,
        path,
        new Walk.Found() {
          @Override
          public void found(Node node, boolean delayed) {
            if (!node.isDirectory()) {
              remember(path, node, names);
            }
            Operations.this.found(
                request, canonical, node, names, delayed ? burst.requester().alone() : burst);
          }

          @Override
          public void failed(Failure<?> failure, boolean delayed) {
            request.client.fail(request, failure);
          }
        });
  }

  private void found(Pending request, String path, Node node, long names, RequesterBurst burst) {
    switch (request.operation) {
      case Operation.STAT -> request.client.end(request, stat(files.attributes(node)));
      case Operation.LIST -> {
        if (!node.isDirectory()) {
          refuse(request, Failure.Reason.UNKNOWN_NAME, path + ": is not a directory");
        } else {
          await(request, files.list(request.client.requester, node, this::listed, request));
        }
      }
      default -> {
        if (node.isDirectory()) {
          refuse(request, Failure.Reason.UNKNOWN_NAME, path + ": is a directory");
        } else if (request.operation == Operation.WATCH) {
          watch(request, path, node, names, burst);
        } else {
          read(request, path, node, names, burst);
        }
      }
    }
  }

  private void read(Pending request, String path, Node node, long names, RequesterBurst burst) {
    await(
        request,
        files.read(
            burst,
            node,
            (asked, outcome, delayed) -> {
              if (outcome instanceof Reading<Content> reading) {
                if (!asked.has(Operation.FORCE_MISS | Operation.HIT_ONLY)) {
                  table.read(path, node, names);
                }
                asked.client.end(asked, reading(reading.value()));
              } else {
                asked.client.end(asked, other(outcome));
              }
            },
            request));
  }

  private void watch(Pending request, String path, Node node, long names, RequesterBurst burst) {
    if (!watchers.add(node, request)) {
      refuse(
          request,
          Failure.Reason.OVERLOADED,
          path + ": is watched " + Watchers.MOST + " times by this program already");
      return;
    }
    FileSystem.Watch watch = files.watch(request.client.requester, node);
    boolean ended;
    synchronized (request.client) {
      ended = request.done;
      request.watch = watch;
      request.watched = node;
    }
    if (ended) {
      watch.close();
      stopWatching(request);
      return;
    }
    await(
        request,
        files.read(
            burst,
            node,
            (asked, outcome, delayed) -> {
              if (outcome instanceof Reading<Content>) {
                table.read(path, node, names);
              }
              tell(asked, outcome);
            },
            request));
  }

  /** Tells whoever watches of an outcome. */
  private void tell(Pending watch, Outcome<Content> outcome) {
    if (outcome instanceof Reading<Content> reading) {
      watch.client.tell(watch, reading(reading.value()), reading.value().takenNanos());
    } else if (outcome instanceof Absent<Content> absent) {
      watch.client.tell(watch, other(outcome), absent.takenNanos());
    } else {
      watch.client.tell(watch, other(outcome), ticker.read());
    }
  }

  /** Remembers what a request waits for, so that it can be withdrawn. */
  private static void await(Pending request, Request awaited) {
    if (awaited == Request.IMMEDIATE) {
      return;
    }
    boolean withdrawn;
    synchronized (request.client) {
      withdrawn = request.done;
      request.awaited = request.done ? null : awaited;
    }
    if (withdrawn) {
      awaited.cancel();
    }
  }

  private void listed(Pending request, Outcome<Listing> outcome, boolean delayed) {
    if (!(outcome instanceof Reading<Listing> reading)) {
      request.client.end(request, other(outcome));
      return;
    }
    ByteArrayOutputStream names = new ByteArrayOutputStream();
    for (Entry entry : reading.value().entries()) {
      if (entry.node() != null) {
        names.writeBytes(entry.name().getBytes(UTF_8));
        if (entry.node().isDirectory()) {
          names.write('/');
        }
        names.write(0);
      }
    }
    long now = ticker.read();
    long until = now + reading.value().validNanos();
    request.client.end(
        request,
        new Completion(
            Kind.READING,
            0,
            names.toByteArray(),
            reading.takenMillis(),
            reading.changedMillis(),
            until,
            until));
  }

  private Completion reading(Content content) {
    long now = ticker.read();
    Attributes attributes = content.attributes();
    return new Completion(
        Kind.READING,
        0,
        Table.value(content.bytes()),
        attributes.takenMillis(),
        attributes.changedMillis(),
        now + Math.max(0, attributes.validNanos()),
        now + content.usableNanos());
  }

  private static Completion stat(Attributes attributes) {
    ByteBuffer numbers = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    numbers
        .putLong(attributes.mode())
        .putLong(attributes.uid())
        .putLong(attributes.gid())
        .putLong(attributes.size())
        .putLong(attributes.takenMillis())
        .putLong(attributes.changedMillis())
        .putLong(attributes.links());
    return new Completion(
        Kind.READING,
        0,
        numbers.array(),
        attributes.takenMillis(),
        attributes.changedMillis(),
        0,
        0);
  }

  private static <T> Completion other(Outcome<T> outcome) {
    if (outcome instanceof Absent<T> absent) {
      return new Completion(Kind.ABSENT, 0, new byte[0], absent.takenMillis(), 0, 0, 0);
    }
    Failure<T> failure = (Failure<T>) outcome;
    return Client.failure(failure.reason(), failure.message());
  }

  @Override
  public void contentChanged(Node file) {
    table.taken(file);
    if (!watchers.has(file)) {
      return;
    }
    Content content = files.cached(file);
    if (content == null) {
      // It is absent now, or failed: a read says which, and is what the watch asks for anyhow.
      files.read(
          own,
          file,
          (those, outcome, delayed) -> those.forEach(file, watch -> tell(watch, outcome)),
          watchers);
      return;
    }
    Completion reading = reading(content);
    watchers.forEach(file, watch -> watch.client.tell(watch, reading, content.takenNanos()));
  }

  @Override
  public void contentConfirmed(Node file) {
    table.taken(file);
  }

  @Override
  public void namesChanged(Node directory, Collection<String> names) {
    table.namesChanged(directory.equals(files.root()));
    nodes.clear();
  }

  /** A request has ended; if it watched something, it does so no longer. */
  void stopWatching(Pending request) {
    if (request.watched != null) {
      watchers.remove(request.watched, request);
    }
  }
}
