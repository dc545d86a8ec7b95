package org.aeiou.daemon.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.aeiou.daemon.app.Backends;

/** A command that was run in this process. */
record Ran(int exitCode, String out, String err) {
  static Ran aeiou(Object... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] texts = new String[arguments.length];
    for (int i = 0; i < texts.length; i++) {
      texts[i] = arguments[i].toString();
    }
    int exitCode =
        Main.run(Backends.ALL, new PrintWriter(out, true), new PrintWriter(err, true), texts);
    return new Ran(exitCode, out.toString(), err.toString());
  }
}
