package org.aeiou.daemon.app.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the daemon does when it gets a signal, instead of what the JVM would.
 *
 * <p>By reflection, as the compiler warns of {@code sun.misc.Signal}, though there is nothing to
 * replace it and every JDK exports it. jnr-posix wraps the same class, and takes 0.4 s to load.
 */
public final class Signals {
  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

  private Signals() {}

  /**
   * Whether the process was started with SIGHUP ignored, as under {@code nohup}: then the JVM
   * leaves it so, and {@link #handle} has no effect.
   */
  public static boolean isHangUpIgnored() {
    try {
      return Files.readAllLines(Path.of("/proc/self/status"), UTF_8).stream()
          .filter(line -> line.startsWith("SigIgn:"))
          .anyMatch(line -> (Long.parseUnsignedLong(line.substring(7).strip(), 16) & 1) != 0);
    } catch (IOException e) {
      return false; // not on Linux
    }
  }

  /**
   * Runs {@code action} on a thread of the JVM each time the signal comes.
   *
   * @param signal without SIG, as in {@code TERM}
   */
  public static void handle(String signal, Runnable action) {
    try {
      Class<?> type = Class.forName("sun.misc.Signal");
      Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
      Object handler =
          Proxy.newProxyInstance(
              Signals.class.getClassLoader(),
              new Class<?>[] {handlerType},
              (proxy, method, arguments) ->
                  switch (method.getName()) {
                    case "handle" -> {
                      action.run();
                      yield null;
                    }
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    default -> "handler of SIG" + signal;
                  });
      type.getMethod("handle", type, handlerType)
          .invoke(null, type.getConstructor(String.class).newInstance(signal), handler);
    } catch (ReflectiveOperationException e) {
      // As with the JVM's option -Xrs, which leaves signals to the system.
      LOG.warn("SIG{} does what it does to any program: the JVM does not hand it over", signal, e);
    }
  }
}
