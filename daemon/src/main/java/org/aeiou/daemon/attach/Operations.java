package org.aeiou.daemon.attach;

import com.google.common.base.Ticker;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.closures.shared.CanonicalPath;
import org.aeiou.closures.shared.CompletionRing.Completion;
import org.aeiou.closures.shared.Operation;
import org.aeiou.daemon.service.AttributeService;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.FileSystem.Content;
import org.aeiou.daemon.service.FileSystem.Listing;
import org.aeiou.daemon.service.PathResolver;
import org.aeiou.daemon.tree.Node;
import org.aeiou.daemon.tree.SystemNode;
import org.aeiou.daemon.tree.View;

/**
 * What clients can ask for: each operation finds what its path names, and ends in an outcome. Any
 * thread may call any method; none waits.
 */
final class Operations implements FileSystem.Observer {
  private static final int OTHER_VIEW = Operation.HIT_ONLY | Operation.FORCE_MISS;

  private final AttributeService files;
  private final Table table;
  private final int mostNodes;
  private final Ticker ticker;

  /** What paths of attributes name, as long as no name comes or goes. */
  private final Map<String, Node> nodes = new ConcurrentHashMap<>();

  private final Watching watching;
  private final Chains chains = new Chains(this::step, this::value);

  Operations(AttributeService files, Table table, int mostNodes, Ticker ticker) {
    this.mostNodes = mostNodes;
    this.files = files;
    this.table = table;
    this.ticker = ticker;
    watching = new Watching(files, ticker);
  }

  /** Starts a request. A miss is sent off when the burst ends, if it could be asked by then. */
  void start(Pending request, long target, RequesterBurst burst) {
    Client client = request.client;
    Failure<?> wrong = RequestCheck.first(request);
    if (wrong != null) {
      client.fail(request, wrong);
      return;
    }
    switch (request.operation) {
      case Operation.CANCEL ->
          client.end(request, Outcomes.ofCancel(client.cancel(request, target)));
      case Operation.CANCEL_GROUP ->
          client.end(request, Outcomes.ofCancel(client.cancelGroup(request, target)));
      case Operation.WRITE ->
          refuse(request, Failure.Reason.NOT_WRITABLE, "nothing can be written yet");
      default ->
          find(request, request.path, request.next == null ? burst : client.requester.alone());
    }
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
    Failure<?> wrong = RequestCheck.step(request);
    if (wrong != null) {
      request.client.fail(request, wrong);
    } else {
      find(request, path, request.client.requester.alone());
    }
  }

  /** Reads one of many values for a step. */
  private void value(Pending step, String wanted, Consumer<byte[]> then) {
    String canonical = CanonicalPath.of(wanted);
    String path = Paths.viewed(canonical, step.flags);
    if (path == null) {
      then.accept(null);
      return;
    }
    long names = table.names();
    Requester requester = step.client.requester;
    PathResolver.start(
        files,
        requester,
        path,
        new PathResolver.Found() {
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
                    publish(step, canonical, node, names);
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

  /** What was read is in the table from now on, if it was read as the table's readers would. */
  private void publish(Pending request, String path, Node node, long names) {
    if (!request.has(OTHER_VIEW)) {
      table.read(path, node, names);
    }
  }

  private void find(Pending request, String wanted, RequesterBurst burst) {
    long names = table.names();
    String canonical = CanonicalPath.of(wanted);
    String path = Paths.viewed(canonical, request.flags);
    if (path == null) {
      request.client.fail(request, RequestCheck.bad("the flags contradict the view in the path"));
      return;
    }
    Node known = nodes.get(path);
    if (known != null) {
      found(request, canonical, known, names, burst);
      return;
    }
    PathResolver.start(
        files,
        request.client.requester,
        path,
        new PathResolver.Found() {
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
      case Operation.STAT -> request.client.end(request, Outcomes.of(files.attributes(node)));
      case Operation.LIST -> {
        if (!node.isDirectory()) {
          refuse(request, Failure.Reason.NOT_DIRECTORY, "is not a directory");
        } else {
          await(request, files.list(request.client.requester, node, this::listed, request));
        }
      }
      default -> {
        if (node.isDirectory()) {
          refuse(request, Failure.Reason.IS_DIRECTORY, "is a directory");
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
                publish(asked, path, node, names);
                asked.client.end(asked, completion(asked, node, reading.value()));
              } else {
                asked.client.end(asked, Outcomes.other(outcome));
              }
            },
            request));
  }

  private Completion completion(Pending request, Node node, Content content) {
    long now = ticker.read();
    return request.operation == Operation.DESCRIBE
        ? Outcomes.described(content, files.description(node), now)
        : Outcomes.of(content, now);
  }

  private void watch(Pending request, String path, Node node, long names, RequesterBurst burst) {
    if (!watching.begin(request, node)) {
      return;
    }
    await(
        request,
        files.read(
            burst,
            node,
            (asked, outcome, delayed) -> {
              if (outcome instanceof Reading<Content>) {
                publish(asked, path, node, names);
              }
              watching.tell(asked, outcome);
            },
            request));
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
    request.client.end(
        request,
        outcome instanceof Reading<Listing> reading
            ? Outcomes.of(reading, ticker.read())
            : Outcomes.other(outcome));
  }

  @Override
  public void contentChanged(Node file) {
    table.taken(file);
    watching.changed(file);
  }

  @Override
  public void contentConfirmed(Node file) {
    table.taken(file);
  }

  @Override
  public void namesChanged(Node directory, Collection<String> names) {
    // Each view has the same systems, and says so when they change: once is enough.
    boolean areSystems =
        directory instanceof SystemNode of && of.system() == null && of.view() == View.NORMAL;
    table.namesChanged(areSystems);
    nodes.clear();
    if (areSystems) {
      watching.systemsChanged();
    }
  }

  /** A request has ended; if it watched something, it does so no longer. */
  void stopWatching(Pending request) {
    watching.end(request);
  }
}
