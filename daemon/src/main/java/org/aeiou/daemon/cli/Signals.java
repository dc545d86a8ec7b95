package org.aeiou.daemon.cli;

import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the daemon does when it gets a signal, instead of what the JVM would.
 *
 * <p>By reflection, as the compiler warns of {@code sun.misc.Signal}, though there is nothing to
 * replace it and every JDK exports it. jnr-posix wraps the same class, and takes 0.4 s to load.
 */
final class Signals {
  private static final Logger LOG = LoggerFactory.getLogger(Signals.class);

  private Signals() {}

  /**
   * Runs {@code action} on a thread of the JVM each time the signal comes.
   *
   * @param signal without SIG, as in {@code TERM}
   */
  static void handle(String signal, Runnable action) {
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
