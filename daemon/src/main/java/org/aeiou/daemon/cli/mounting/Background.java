package org.aeiou.daemon.cli.mounting;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.aeiou.closures.posix.Posix;
import org.aeiou.daemon.cli.command.CommandFailure;
import org.aeiou.daemon.cli.command.ExitCode;
import org.aeiou.daemon.logging.Logging;

/**
 * How a process goes to the background. The script that starts Java has given it a session of its
 * own, and waits: it ends, and its caller goes on, when it is told that the mount answers, or when
 * Java has ended, with its exit code. Until then the streams are the caller's, so that it reads
 * what is wrong.
 */
final class Background {
  /** Two descriptors with a comma between: where to tell the script, and where the log goes. */
  private static final String DESCRIPTORS = "aeiou.background";

  private static final byte[] MOUNTED = "mounted\n".getBytes(US_ASCII);
  private static final int STANDARD_OUTPUT = 1;
  private static final int STANDARD_ERROR = 2;

  private static final Posix POSIX = Posix.INSTANCE;

  private final int script;
  private int log;
  private boolean toFile;

  private Background(int script, int log) {
    this.script = script;
    this.log = log;
  }

  /** The background of this process; fails where the script did not prepare one. */
  static Background ofThisProcess() {
    String descriptors = System.getProperty(DESCRIPTORS, "");
    if (!descriptors.matches("\\d{1,6},\\d{1,6}")) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "--background: only the script 'aeiou' can put this to the background, when it finds"
              + " 'mount' as its first word, and this as a word of its own");
    }
    int comma = descriptors.indexOf(',');
    return new Background(
        Integer.parseInt(descriptors.substring(0, comma)),
        Integer.parseInt(descriptors.substring(comma + 1)));
  }

  /**
   * Opens a file for the log.
   *
   * @param file what is in it stays; null for the log of the system
   */
  void open(Path file) {
    if (file == null) {
      return;
    }
    Path absolute = file.toAbsolutePath();
    try {
      Files.createFile(
          absolute,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
    } catch (FileAlreadyExistsException e) {
      // It is continued.
    } catch (IOException e) {
      throw notOpened(absolute, e.toString());
    }
    int opened =
        POSIX.open(Posix.string(absolute), Posix.O_WRONLY | Posix.O_APPEND | Posix.O_CLOEXEC);
    if (opened < 0) {
      throw notOpened(absolute, Posix.error());
    }
    POSIX.close(log);
    log = opened;
    toFile = true;
  }

  private static CommandFailure notOpened(Path file, String why) {
    return new CommandFailure(ExitCode.FAILED, file + ": the log cannot be opened: " + why);
  }

  /** Lets go of the caller: of its folder, its streams, and itself. */
  void enter() throws IOException {
    if (POSIX.chdir(Posix.string("/")) < 0
        || POSIX.dup2(log, STANDARD_OUTPUT) < 0
        || POSIX.dup2(log, STANDARD_ERROR) < 0) {
      throw new IOException("it cannot go to the background: " + Posix.error());
    }
    POSIX.close(log);
    Logging.inBackground(toFile);
    ByteBuffer told = Posix.buffer(MOUNTED.length).put(MOUNTED).flip();
    // If the caller has ended, nothing waits for it.
    var unused = POSIX.write(script, Posix.address(told), MOUNTED.length);
    POSIX.close(script);
  }
}
