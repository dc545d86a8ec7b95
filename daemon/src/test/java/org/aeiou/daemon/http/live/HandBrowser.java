package org.aeiou.daemon.http.live;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.aeiou.daemon.testing.Json;

/** A browser that takes what is written when a test says so. */
final class HandBrowser implements StreamCaller, Outlet {
  private static final Pattern DATA = Pattern.compile("event: cells\ndata: (.*)\n");
  private static final Pattern STREAM = Pattern.compile("\"stream\":\"([0-9a-f]+)\"");
  private static final Pattern ID = Pattern.compile("\nid: (.*)\n");

  private final String owner;
  final List<String> frames = new ArrayList<>();

  /** Whether it takes what is written at once. */
  boolean takes = true;

  int status = -1;
  String refusal;
  boolean isEnded;
  boolean isAborted;
  private Consumer<Throwable> waiting;
  private Runnable gone;

  HandBrowser(String owner) {
    this.owner = owner;
  }

  @Override
  public String owner() {
    return owner;
  }

  @Override
  public Outlet accept() {
    status = 200;
    return this;
  }

  @Override
  public void done() {
    status = 204;
  }

  @Override
  public void refuse(int with, String why) {
    status = with;
    refusal = why;
  }

  @Override
  public void write(ByteBuffer frame, Consumer<Throwable> done) {
    frames.add(UTF_8.decode(frame).toString());
    if (takes) {
      done.accept(null);
    } else {
      waiting = done;
    }
  }

  /** Takes what was written. */
  void take() {
    Consumer<Throwable> done = waiting;
    waiting = null;
    done.accept(null);
  }

  @Override
  public void whenGone(Runnable what) {
    gone = what;
  }

  /** Closes its connection. */
  void leave() {
    gone.run();
  }

  @Override
  public void end() {
    isEnded = true;
  }

  @Override
  public void abort() {
    isAborted = true;
  }

  String id() {
    Matcher found = STREAM.matcher(frames.get(0));
    return found.find() ? found.group(1) : null;
  }

  /** The last id that it was told. */
  StreamId last() {
    String last = null;
    for (String frame : frames) {
      Matcher found = ID.matcher(frame);
      while (found.find()) {
        last = found.group(1);
      }
    }
    return StreamId.of(last);
  }

  /** What the last frame shows, value or state by path. */
  Map<Object, Object> shown() throws Exception {
    Map<Object, Object> cells = new LinkedHashMap<>();
    Matcher found = DATA.matcher(frames.get(frames.size() - 1));
    while (found.find()) {
      for (Map<String, Object> cell : Json.objects(found.group(1))) {
        cells.put(cell.get("p"), cell.getOrDefault("v", cell.get("s")));
      }
    }
    return cells;
  }
}
