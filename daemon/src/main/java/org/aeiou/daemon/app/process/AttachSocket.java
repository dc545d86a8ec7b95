package org.aeiou.daemon.app.process;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.CRC32;
import org.aeiou.daemon.config.Configuration;

/** Where the socket is that programs attach at. */
public final class AttachSocket {
  private static final Path OF_ROOT = Path.of("/run/aeiou");

  /** Where the system makes a folder for each user that is logged in, named by the number. */
  private static final Path OF_USERS = Path.of("/run/user");

  private AttachSocket() {}

  /**
   * The configured path, or one that is made of the mount point's: below the runtime directory of
   * the user, or {@code /run/aeiou} for root. What the environment says counts for nothing then: it
   * may be another user's.
   *
   * @param uid the user that this process acts as
   * @throws IOException if there is no runtime directory; says what to set
   */
  public static Path of(
      Configuration configuration, Path mountPoint, Map<String, String> environment, int uid)
      throws IOException {
    Path configured = configuration.attach().socket().path();
    if (configured != null) {
      return configured;
    }
    Path absolute = mountPoint.toAbsolutePath().normalize();
    CRC32 crc = new CRC32();
    crc.update(absolute.toString().getBytes(UTF_8));
    // A socket's path may have 107 bytes, so that the whole mount point does not fit.
    return folder(environment, uid).resolve(String.format("%08x.sock", crc.getValue()));
  }

  /**
   * Where a poller takes orders, which has no mount point: by its process.
   *
   * @throws IOException if there is no runtime directory; says what to set
   */
  public static Path ofPoller(long pid, Map<String, String> environment, int uid)
      throws IOException {
    return folder(environment, uid).resolve("poller-" + pid + ".sock");
  }

  private static Path folder(Map<String, String> environment, int uid) throws IOException {
    return uid == 0 ? OF_ROOT : ofUser(environment, uid);
  }

  private static Path ofUser(Map<String, String> environment, int uid) throws IOException {
    String runtime = environment.get("XDG_RUNTIME_DIR");
    if (runtime != null && runtime.startsWith("/")) {
      return Path.of(runtime, "aeiou");
    }
    Path made = OF_USERS.resolve(Integer.toString(uid));
    if (Files.isDirectory(made)) {
      return made.resolve("aeiou");
    }
    throw new IOException(
        "user "
            + uid
            + " has no runtime directory: XDG_RUNTIME_DIR is not set, and there is no "
            + made
            + "; set it, or attach.socket in the configuration, to a folder that only this user can"
            + " change, as in 'mkdir -m 700 ~/.aeiou-run; export XDG_RUNTIME_DIR=~/.aeiou-run'");
  }
}
