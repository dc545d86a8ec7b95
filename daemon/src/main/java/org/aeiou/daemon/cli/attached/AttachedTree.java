package org.aeiou.daemon.cli.attached;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.aeiou.closures.Burst;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.closures.Request;
import org.aeiou.closures.attached.Attachment;
import org.aeiou.closures.attached.RequestOptions;
import org.aeiou.closures.shared.Geometry;
import org.aeiou.daemon.cli.command.Program;
import org.aeiou.daemon.cli.output.Item;

/** The tree of a running daemon. */
final class AttachedTree implements Tree {
  private static final int PAGE_BYTES = 256;

  private final Attachment net;
  private final int pages;
  private final Executor loop;
  private final Burst burst;

  /** What there was no page for; each says whether there is one now. */
  private final ArrayDeque<BooleanSupplier> backlog = new ArrayDeque<>();

  private int pending;

  /**
   * Attaches.
   *
   * @param pages how much may be asked for at once
   * @param arenaBytes room for what does not fit a page: long values, listings
   * @param loop where all is done that comes
   */
  AttachedTree(
      Path socket,
      int pages,
      int arenaBytes,
      RequestOptions options,
      Executor loop,
      Program program)
      throws IOException {
    this.net =
        Attachment.attach(
            socket,
            new Geometry(pages, PAGE_BYTES, PAGE_BYTES, arenaBytes),
            program.ticker(),
            program.clock());
    this.pages = pages;
    this.loop = loop;
    this.burst = net.begin(options);
  }

  private interface Asking {
    Request ask(Closure<byte[], Consumer<Outcome<byte[]>>> closure, Consumer<Outcome<byte[]>> then);
  }

  @Override
  public void list(String path, Consumer<Listed> then) {
    ask(
        (closure, context) -> net.list(path, burst, closure, context),
        outcome ->
            then.accept(
                outcome instanceof Reading<byte[]> reading
                    ? new Listed(names(reading.value()), null)
                    : new Listed(List.of(), item(path, outcome, false))));
  }

  @Override
  public void read(String path, boolean described, Consumer<Item> then) {
    ask(
        described
            ? (closure, context) -> net.describe(path, burst, closure, context)
            : (closure, context) -> net.submit(path, burst, closure, context),
        outcome -> then.accept(item(path, outcome, described)));
  }

  @Override
  public void watch(String path, Consumer<Item> then) {
    Request request =
        net.watch(
            path,
            burst,
            (to, outcome, delayed) -> loop.execute(() -> to.accept(item(path, outcome, false))),
            then);
    if (request == null) {
      loop.execute(() -> then.accept(item(path, refusal(), false)));
    }
  }

  @Override
  public int mostWatched() {
    return pages - 2; // some are for cancels and refreshes
  }

  @Override
  public void flush() {
    burst.end();
  }

  @Override
  public void close() {
    net.close();
  }

  private void ask(Asking asking, Consumer<Outcome<byte[]>> then) {
    Consumer<Outcome<byte[]>> taken =
        outcome -> {
          pending--;
          then.accept(outcome);
          goOn();
        };
    BooleanSupplier attempt =
        () -> {
          Outcome<byte[]> refusal = null;
          pending++;
          try {
            if (asking.ask((to, outcome, d) -> loop.execute(() -> to.accept(outcome)), taken)
                != null) {
              return true;
            }
            refusal = net.ended() != null || pending == 1 ? refusal() : null;
          } catch (IllegalArgumentException e) {
            refusal = new Failure<>(Failure.Reason.NAME_TOO_LONG, e.getMessage());
          }
          if (refusal == null) {
            pending--;
            return false;
          }
          Outcome<byte[]> why = refusal;
          loop.execute(() -> taken.accept(why));
          return true;
        };
    if (!backlog.isEmpty() || !attempt.getAsBoolean()) {
      backlog.add(attempt);
    }
  }

  private Outcome<byte[]> refusal() {
    String ended = net.ended();
    return ended != null
        ? new Failure<>(Failure.Reason.STOPPED, ended)
        : new Failure<>(Failure.Reason.OVERLOADED, "too much is asked for at once");
  }

  private void goOn() {
    while (!backlog.isEmpty() && backlog.peek().getAsBoolean()) {
      backlog.poll();
    }
  }

  private static Item item(String path, Outcome<byte[]> outcome, boolean described) {
    if (outcome instanceof Reading<byte[]> reading) {
      if (!described) {
        return Item.value(path, new String(reading.value(), UTF_8), Map.of());
      }
      Map<String, String> facts = pairs(reading.value());
      String text = facts.remove("value");
      return Item.value(path, text == null ? "" : text, facts);
    }
    return outcome instanceof Failure<byte[]> failure
        ? Item.failed(path, failure.reason(), failure.message())
        : Item.absent(path);
  }

  private static List<Name> names(byte[] listed) {
    List<Name> names = new ArrayList<>();
    for (String name : texts(listed)) {
      boolean isDirectory = name.endsWith("/");
      names.add(new Name(isDirectory ? name.substring(0, name.length() - 1) : name, isDirectory));
    }
    return names;
  }

  private static Map<String, String> pairs(byte[] described) {
    List<String> texts = texts(described);
    Map<String, String> pairs = new LinkedHashMap<>();
    for (int i = 0; i + 1 < texts.size(); i += 2) {
      pairs.put(texts.get(i), texts.get(i + 1));
    }
    return pairs;
  }

  /** Each has a NUL behind it. */
  private static List<String> texts(byte[] bytes) {
    List<String> texts = new ArrayList<>();
    int from = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == 0) {
        texts.add(new String(bytes, from, i - from, UTF_8));
        from = i + 1;
      }
    }
    return texts;
  }
}
