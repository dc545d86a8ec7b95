package org.aeiou.daemon.conformance;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Ticker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.aeiou.closures.Burst;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Request;
import org.aeiou.closures.attached.Attachment;
import org.aeiou.closures.attached.ReconnectingAttachment;
import org.aeiou.closures.attached.RequestId;
import org.aeiou.closures.attached.RequestOptions;
import org.aeiou.closures.attached.Step;
import org.aeiou.closures.group.Group;
import org.aeiou.closures.group.Progress;
import org.aeiou.closures.group.Source;
import org.aeiou.closures.shared.CancelAnswer;
import org.aeiou.closures.shared.Geometry;
import org.aeiou.closures.shared.WriteDescriptor.Assignment;

/**
 * Plays the steps of the conformance suite with the Java client: its argument is the place to
 * attach to. What it reads and writes is in {@code closures/src/test/conformance/README.md}, and
 * {@code driver.py} there says the same in Python.
 */
public final class JavaDriver {
  private static final PrintStream OUT = new PrintStream(System.out, false, UTF_8);
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /** A way to ask, so that a group can hold requests of any operation. */
  private interface Way {
    <C> Request ask(Attachment net, Burst burst, Closure<byte[], C> closure, C context);
  }

  /** The client has no such thing. */
  private static final class Lacks extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Lacks(String what) {
      super(what);
    }
  }

  private final Path place;
  private final Map<String, Group<Way, byte[]>> groups = new HashMap<>();
  private final Map<String, CompletableFuture<CancelAnswer>> answers = new LinkedHashMap<>();
  private final Asked all = new Asked();
  private final Map<String, Burst> bursts = new HashMap<>();
  private Attachment net;

  /** In the place of {@link #net}, if it is to come back. */
  private ReconnectingAttachment back;

  private Group<Way, byte[]> group;
  private Burst burst;
  private RequestId kept;

  private JavaDriver(Path place) {
    this.place = place;
  }

  public static void main(String[] args) throws IOException {
    JavaDriver driver = new JavaDriver(Path.of(args[0]));
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      OUT.println("= " + driver.play(line.strip()));
      OUT.flush();
    }
    System.exit(0); // what a case left pending keeps no process
  }

  private String play(String line) {
    List<String> words = new ArrayList<>();
    Map<String, String> options = new HashMap<>();
    for (String word : List.of(line.split(" +", -1))) {
      int at = word.indexOf('=');
      if (at > 0) {
        options.put(word.substring(0, at), word.substring(at + 1));
      } else {
        words.add(word);
      }
    }
    try {
      return run(words.remove(0), words, options);
    } catch (Lacks e) {
      return "lacks " + e.getMessage();
    } catch (IllegalArgumentException e) {
      boolean isLong = e.getMessage().contains("a page has room");
      return "refused " + (isLong ? "name too long" : "bad request: " + e.getMessage());
    } catch (IOException e) {
      return "refused: " + e.getMessage();
    } catch (Exception e) {
      return "error " + e;
    }
  }

  private String run(String command, List<String> words, Map<String, String> options)
      throws Exception {
    return switch (command) {
      case "attach" -> attach(options);
      case "begin" -> begin(words.get(0));
      case "read", "cached", "fetch", "stat", "list", "describe", "read-group", "watch" -> {
        known(options, Set.of("timeout", "background"));
        yield ask(command, words.get(0), words.get(1), requestOptions(options));
      }
      case "write" -> {
        known(options, Set.of("timeout"));
        Way way = with(requestOptions(options), writing(words));
        yield ask(words.get(0), "write", one -> group.submit(way, all::told, one));
      }
      case "flood" ->
          flood(Integer.parseInt(words.get(0)), words.get(1), words.get(2), words.get(3));
      case "prefetch" -> net.prefetch(words.get(0), null) ? "ok" : refused();
      case "chain" -> chain(words.get(0), words.subList(1, words.size()), requestOptions(options));
      case "cancel" -> answer(words.get(1), net.cancel(all.find(words.get(0)).request));
      case "cancel-id" -> answer(words.get(1), net.cancel(net.id(all.find(words.get(0)).request)));
      case "cancel-unknown" -> {
        RequestId id = net.id(all.find(words.get(0)).request);
        RequestId unknown = new RequestId(id.attachment(), id.number() + 1_000_000);
        yield answer(words.get(1), net.cancel(unknown));
      }
      case "cancel-group" -> answer(words.get(0), net.cancel(burst));
      case "keep" -> {
        kept = net.id(all.find(words.get(0)).request);
        yield "ok";
      }
      case "cancel-kept" -> answer(words.get(0), net.cancel(kept));
      case "wait-for" -> awaitThose(words, options);
      case "end" -> {
        group.end();
        yield "ok";
      }
      case "wait" -> await(options);
      case "progress" -> progress(words);
      case "child" -> throw new Lacks("fork");
      case "connected" -> net.ended() == null ? "yes" : "no";
      case "detach" -> detach();
      default -> throw new Lacks(command);
    };
  }

  /** Says so of an option that this client cannot be given. */
  private static void known(Map<String, String> options, Set<String> known) {
    for (String option : options.keySet()) {
      if (!known.contains(option)) {
        throw new Lacks(option);
      }
    }
  }

  private String answer(String label, CompletableFuture<CancelAnswer> answer) {
    answers.put(label, answer);
    return "delayed";
  }

  private static RequestOptions requestOptions(Map<String, String> options) {
    RequestOptions all = RequestOptions.NONE;
    if (options.containsKey("timeout")) {
      all = all.timeout(Duration.ofMillis(Long.parseLong(options.get("timeout"))));
    }
    return options.containsKey("background") ? all.inBackground() : all;
  }

  private String attach(Map<String, String> options) throws IOException {
    known(options, Set.of("pages", "page", "outcome", "arena", "timeout", "reconnect"));
    groups.clear();
    bursts.clear();
    answers.clear();
    all.clear();
    Geometry geometry =
        new Geometry(
            Integer.parseInt(options.getOrDefault("pages", "64")),
            Integer.parseInt(options.getOrDefault("page", "512")),
            Integer.parseInt(options.getOrDefault("outcome", "512")),
            Integer.parseInt(options.getOrDefault("arena", "65536")));
    Ticker ticker = Ticker.systemTicker();
    InstantSource clock = InstantSource.system();
    Duration patience = Duration.ofMillis(Long.parseLong(options.getOrDefault("timeout", "5000")));
    back = null;
    net = null;
    if (options.containsKey("reconnect")) {
      back = ReconnectingAttachment.attach(place, geometry, ticker, clock, (is, why) -> {});
    } else {
      net = Attachment.attach(place, geometry, patience, ticker, clock);
    }
    begin("main");
    return "attached";
  }

  /** What groups ask: the attachment, in any way. */
  private final class Ways implements Source<Way, byte[]> {
    private final String name;
    private final Source<String, byte[]> attached;

    Ways(String name, Source<String, byte[]> attached) {
      this.name = name;
      this.attached = attached;
    }

    @Override
    public Burst begin() {
      Burst begun = attached.begin();
      bursts.put(name, begun); // by which the group is cancelled
      return begun;
    }

    @Override
    public boolean mayWait() {
      return attached.mayWait();
    }

    @Override
    public boolean withdraw(Burst burst) {
      return attached.withdraw(burst);
    }

    @Override
    public <C> Request submit(Way way, Burst burst, Closure<byte[], C> closure, C context) {
      return back == null
          ? way.ask(net, burst, closure, context)
          : back.ask(
              (there, path, own, to, with) -> way.ask(there, own, to, with),
              "",
              burst,
              closure,
              context);
    }
  }

  private String begin(String name) {
    Source<String, byte[]> attached = back == null ? net : back;
    group = groups.computeIfAbsent(name, any -> Group.begin(new Ways(name, attached)));
    burst = bursts.get(name);
    return "ok";
  }

  /** A way to ask; with options, for which a burst of its own is needed. */
  private Way with(RequestOptions options, Way plain) {
    if (options == RequestOptions.NONE) {
      return plain;
    }
    Burst own = net.begin(options);
    return new Way() {
      @Override
      public <C> Request ask(Attachment net, Burst burst, Closure<byte[], C> closure, C context) {
        Request request = plain.ask(net, own, closure, context);
        own.end();
        return request;
      }
    };
  }

  private static Way way(String operation, String path) {
    return new Way() {
      @Override
      public <C> Request ask(Attachment net, Burst burst, Closure<byte[], C> closure, C context) {
        return switch (operation) {
          case "read" -> net.submit(path, burst, closure, context);
          case "cached" -> net.cached(path, burst, closure, context);
          case "fetch" -> net.fetch(path, burst, closure, context);
          case "stat" -> net.stat(path, burst, closure, context);
          case "list" -> net.list(path, burst, closure, context);
          case "describe" -> net.describe(path, burst, closure, context);
          case "read-group" -> net.readGroup(path, burst, closure, context);
          default -> net.watch(path, burst, closure, context);
        };
      }
    };
  }

  /** A path and a text, then further names of the directory with theirs. */
  private static Way writing(List<String> words) {
    String path = words.get(1);
    List<Assignment> together = new ArrayList<>(List.of(new Assignment(path, words.get(2))));
    String directory = path.substring(0, path.lastIndexOf('/') + 1);
    for (int i = 3; i < words.size(); i += 2) {
      together.add(new Assignment(directory + words.get(i), words.get(i + 1)));
    }
    return new Way() {
      @Override
      public <C> Request ask(Attachment net, Burst burst, Closure<byte[], C> closure, C context) {
        return net.write(together, burst, closure, context);
      }
    };
  }

  private String ask(String operation, String label, String path, RequestOptions options) {
    return ask(
        label,
        operation,
        one ->
            operation.equals("watch") // a group counts a watch as ended at its first event
                ? watch(path, one)
                : group.submit(with(options, way(operation, path)), all::told, one));
  }

  private String ask(String label, String operation, Function<Asked.One, Request> asking) {
    Asked.One one = all.add(label, List.of(operation));
    Request request = null;
    synchronized (all) { // a closure on another thread finds the request
      try {
        request = asking.apply(one);
      } finally {
        one.request = request;
        if (request == null) {
          all.remove(one);
        }
      }
    }
    if (request == null) {
      return refused();
    }
    if (request == Request.IMMEDIATE) {
      all.print(one);
      return "immediate";
    }
    return "delayed";
  }

  private Request watch(String path, Asked.One one) {
    return back == null
        ? net.watch(path, burst, all::told, one)
        : back.watch(path, burst, all::told, one);
  }

  private String refused() {
    return back != null || net.ended() == null ? "refused again" : "refused gone: " + net.ended();
  }

  private String flood(int count, String operation, String label, String path) {
    int refused = 0;
    for (int i = 0; i < count; i++) {
      refused += ask(operation, label, path, RequestOptions.NONE).equals("refused again") ? 1 : 0;
    }
    return "accepted " + (count - refused) + ", refused " + refused;
  }

  private String chain(String label, List<String> words, RequestOptions options) {
    List<Step> steps = new ArrayList<>();
    List<String> operations = new ArrayList<>();
    for (String text : List.of(String.join(" ", words).split(" \\| ", -1))) {
      List<String> parts = Arrays.asList(text.split(" "));
      operations.add(parts.contains("as-group") ? "read-group" : parts.get(0));
      steps.add(step(parts));
    }
    Asked.One one = all.add(label, operations);
    try {
      Burst own = options == RequestOptions.NONE ? burst : net.begin(options);
      one.request = net.chain(steps, own, all::told, one);
      own.end();
    } finally {
      if (one.request == null) {
        all.remove(one);
      }
    }
    return one.request == null ? refused() : "delayed";
  }

  private static Step step(List<String> parts) {
    String path = parts.get(1);
    Step step =
        switch (parts.get(0)) {
          case "read" -> Step.read(path);
          case "stat" -> Step.stat(path);
          case "list" -> Step.list(path);
          case "describe" -> Step.describe(path);
          case "each" -> parts.contains("as-group") ? Step.eachAsGroup(path) : Step.each(path);
          default -> throw new Lacks(parts.get(0) + " in a chain");
        };
    for (String flag : parts.subList(2, parts.size())) {
      step =
          switch (flag) {
            case "stop-on-error" -> step.stopOnError();
            case "stop-on-zero" -> step.stopOnZero();
            case "stop-on-nonzero" -> step.stopOnNonzero();
            case "stop-on-absent" -> step.stopOnAbsent();
            case "stop-on-reading" -> step.stopOnReading();
            case "skip" -> step.skipNext();
            case "as-group" -> step;
            default -> throw new Lacks(flag + " in a chain");
          };
    }
    return step;
  }

  /** An interrupt is to a thread what a signal is to a process. */
  private String awaitInterrupted(long millis) {
    Thread waiting = Thread.currentThread();
    var unused =
        CompletableFuture.runAsync(
            waiting::interrupt, CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS));
    group.end();
    try {
      return group.await(PATIENCE) ? "done" : "time";
    } catch (InterruptedException e) {
      return "signal";
    }
  }

  private String awaitThose(List<String> labels, Map<String, String> options)
      throws InterruptedException {
    List<Asked.One> those = labels.stream().map(all::find).toList();
    String some = options.getOrDefault("some", Integer.toString(those.size()));
    Duration patience = Duration.ofMillis(Long.parseLong(options.getOrDefault("ms", "20000")));
    group.end();
    // An event that came before the call is one that another driver would have waited for.
    boolean done =
        all.told(those) >= Integer.parseInt(some)
            || net.await(
                those.stream().map(one -> one.request).toList(), Integer.parseInt(some), patience);
    all.print();
    return done ? "done" : "time";
  }

  private String await(Map<String, String> options) throws Exception {
    known(options, Set.of("some", "ms", "signal"));
    if (options.containsKey("signal")) {
      return awaitInterrupted(Long.parseLong(options.get("signal")));
    }
    String millis = options.get("ms");
    Duration patience = millis == null ? PATIENCE : Duration.ofMillis(Long.parseLong(millis));
    String some = options.get("some");
    group.end();
    boolean done =
        (some == null && all.isOfGroup())
            ? group.await(patience)
            : all.await(some == null ? Long.MAX_VALUE : Long.parseLong(some), patience);
    Map<String, CompletableFuture<CancelAnswer>> asked = new LinkedHashMap<>(answers);
    answers.clear();
    for (Map.Entry<String, CompletableFuture<CancelAnswer>> each : asked.entrySet()) {
      CancelAnswer answer = each.getValue().get(patience.toMillis(), TimeUnit.MILLISECONDS);
      OUT.println(each.getKey() + " delayed answer " + Asked.words(answer));
    }
    all.print();
    return done ? "done" : "time";
  }

  private String progress(List<String> fields) {
    Progress progress = group.progress();
    return fields.stream()
        .map(
            field ->
                field
                    + " "
                    + switch (field) {
                      case "submitted" -> progress.submitted();
                      case "immediate" -> progress.immediate();
                      case "delayed" -> progress.delayed();
                      case "pending" -> progress.pending();
                      case "failed" -> progress.failed();
                      case "refused" -> progress.refused();
                      case "first-error" -> firstError(progress);
                      default -> throw new Lacks(field + " in progress");
                    })
        .collect(Collectors.joining(", "));
  }

  private static String firstError(Progress progress) {
    Failure<?> first = progress.firstError();
    return first == null ? "none" : words(first.reason()) + ": " + first.message();
  }

  private String detach() {
    if (back == null) {
      net.close();
    } else {
      back.close();
    }
    all.print();
    for (Map.Entry<String, CompletableFuture<CancelAnswer>> each : answers.entrySet()) {
      CancelAnswer answer = each.getValue().getNow(null);
      OUT.println(each.getKey() + " delayed answer " + (answer == null ? "none" : answer));
    }
    all.printWrong();
    return "detached";
  }

  /** The reason of a failure, in the words of all drivers. */
  static String words(Failure.Reason reason) {
    return switch (reason) {
      case IS_DIRECTORY -> "is a directory";
      case NOT_DIRECTORY -> "not a directory";
      default -> Asked.words(reason);
    };
  }

  /** One line of the answer. */
  static void say(String line) {
    OUT.println(line);
  }
}
