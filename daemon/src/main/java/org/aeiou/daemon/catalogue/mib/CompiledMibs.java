package org.aeiou.daemon.catalogue.mib;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.zip.CRC32;
import org.aeiou.daemon.document.BinaryNodes;
import org.aeiou.daemon.document.Problems;
import org.aeiou.daemon.document.YamlNode;
import org.aeiou.daemon.document.YamlReader;

/**
 * What became of MIB files, kept in a file, so that a start reads them only when they have changed.
 * They have not if their names, sizes and times are as they were; if only times differ their
 * contents decide. A file that is not whole is made anew.
 *
 * <pre>
 *   long crc of all that follows
 *   UTF key             version of the program and of what is built in, sources
 *   bytes stamps        name, size, time of each file
 *   bytes contents      a digest of all files
 *   UTF summary, int lines { UTF problem }
 *   document            as {@link BinaryNodes} has it
 * </pre>
 */
public final class CompiledMibs {
  /** To be counted up when the reader makes something else of the same files. */
  private static final String FORMAT = "1";

  private static final int MOST_LINES = 1000;
  private static final Path OF_ROOT = Path.of("/var/cache/aeiou");

  /** Of as many configurations something is kept; the oldest goes. */
  private static final int MOST_FILES = 8;

  private final Path folder;
  private final String version;

  /**
   * What files say.
   *
   * @param document to be laid over the built-in catalogue
   * @param problems what is wrong with the files, one line each; nothing of it stands in the way
   * @param errors what was asked for and is not there; the document is empty then
   * @param isKept whether it was read from what was kept
   * @param notKept why it could not be kept for the next start; null if it could
   */
  public record Compiled(
      YamlNode document,
      String summary,
      List<String> problems,
      List<String> errors,
      boolean isKept,
      String notKept) {}

  /**
   * @param folder where it is kept; null if there is no place
   * @param version of the program and of what is built in
   */
  public CompiledMibs(Path folder, String version) {
    this.folder = folder;
    this.version = version;
  }

  /**
   * Where caches of a user are: {@code /var/cache/aeiou} of root, below {@code $XDG_CACHE_HOME} or
   * {@code ~/.cache} of another user. A service manager says with {@code CACHE_DIRECTORY} what is
   * in their place.
   *
   * @return null if there is no place
   */
  public static Path folder(Map<String, String> environment, int uid) {
    Path managed = absolute(environment.get("CACHE_DIRECTORY"));
    if (managed != null) {
      return managed;
    }
    if (uid == 0) {
      // What the environment says counts for nothing then: it may be another user's.
      return OF_ROOT;
    }
    Path ofUser = absolute(environment.get("XDG_CACHE_HOME"));
    Path home = absolute(environment.get("HOME"));
    return ofUser != null
        ? ofUser.resolve("aeiou")
        : home == null ? null : home.resolve(".cache/aeiou");
  }

  private static Path absolute(String path) {
    return path == null || !path.startsWith("/") ? null : Path.of(path);
  }

  /**
   * What the files say, from what was kept or else from the files.
   *
   * @param builtIn the built-in catalogue as it is written
   */
  public Compiled read(Supplier<YamlNode> builtIn, List<MibSource> sources) {
    String key = FORMAT + " " + version + " " + sources;
    List<Path> files = files(sources);
    byte[] stamps = stamps(files);
    Path kept =
        folder == null
            ? null
            : folder.resolve(
                "mibs-" + Hashing.sha256().hashString(key, UTF_8).toString().substring(0, 16));
    byte[] contents = null;
    if (kept != null) {
      Kept known = known(kept, key);
      if (known != null && Arrays.equals(known.stamps, stamps)) {
        return known.compiled;
      }
      if (known != null) {
        contents = contents(files);
        if (Arrays.equals(known.contents, contents)) {
          keep(kept, key, stamps, contents, known.compiled);
          return known.compiled;
        }
      }
    }
    MibImport.Result made = MibImport.run(builtIn.get(), sources);
    YamlNode document = YamlReader.parse(made.yaml(), new Problems("MIB files"));
    int shown = Math.min(made.problems().size(), MOST_LINES);
    Compiled compiled =
        new Compiled(
            document,
            made.summary(),
            List.copyOf(made.problems().subList(0, shown)),
            made.errors(),
            false,
            null);
    if (!made.errors().isEmpty()) {
      return compiled;
    }
    String why =
        kept == null
            ? "there is no folder for it: neither XDG_CACHE_HOME nor HOME is set"
            : keep(kept, key, stamps, contents == null ? contents(files) : contents, compiled);
    return new Compiled(document, made.summary(), compiled.problems, List.of(), false, why);
  }

  private static List<Path> files(List<MibSource> sources) {
    List<Path> files = new ArrayList<>();
    for (MibSource source : sources) {
      for (Path place : source.places()) {
        files.addAll(MibFiles.below(place.toAbsolutePath().normalize(), new Problems("")));
      }
    }
    return files;
  }

  private static byte[] stamps(List<Path> files) {
    Hasher hasher = Hashing.sha256().newHasher();
    for (Path file : files) {
      hasher.putUnencodedChars(file.toString()).putChar('\n');
      try {
        BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
        hasher.putLong(now.size());
        hasher.putLong(now.lastModifiedTime().to(java.util.concurrent.TimeUnit.NANOSECONDS));
        hasher.putUnencodedChars(String.valueOf(now.fileKey()));
      } catch (IOException e) {
        hasher.putLong(-1);
      }
    }
    return hasher.hash().asBytes();
  }

  private static byte[] contents(List<Path> files) {
    Hasher hasher = Hashing.sha256().newHasher();
    for (Path file : files) {
      hasher.putUnencodedChars(file.toString()).putChar('\n');
      try {
        byte[] octets = Files.readAllBytes(file);
        hasher.putInt(octets.length).putBytes(octets);
      } catch (IOException e) {
        hasher.putInt(-1);
      }
    }
    return hasher.hash().asBytes();
  }

  private record Kept(byte[] stamps, byte[] contents, Compiled compiled) {}

  /** What a file holds; null if it is not there, not whole, or about something else. */
  private static Kept known(Path file, String key) {
    try {
      byte[] all = Files.readAllBytes(file);
      CRC32 crc = new CRC32();
      crc.update(all, Math.min(Long.BYTES, all.length), Math.max(0, all.length - Long.BYTES));
      DataInputStream in = new DataInputStream(new ByteArrayInputStream(all));
      if (in.readLong() != crc.getValue() || !in.readUTF().equals(key)) {
        return null;
      }
      byte[] stamps = in.readNBytes(in.readInt());
      byte[] contents = in.readNBytes(in.readInt());
      String summary = in.readUTF();
      List<String> problems = new ArrayList<>();
      for (int left = in.readInt(); left > 0; left--) {
        problems.add(in.readUTF());
      }
      int left = in.available();
      YamlNode document = BinaryNodes.read(all, all.length - left, left, new Problems("MIB files"));
      return new Kept(
          stamps, contents, new Compiled(document, summary, problems, List.of(), true, null));
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException | RuntimeException e) {
      // Of another version, or damaged in a way that its checksum does not show.
      return null;
    }
  }

  /** Writes it whole or not at all; says why it could not be written. */
  private String keep(Path file, String key, byte[] stamps, byte[] contents, Compiled compiled) {
    try {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      DataOutputStream out = new DataOutputStream(bytes);
      out.writeUTF(key);
      out.writeInt(stamps.length);
      out.write(stamps);
      out.writeInt(contents.length);
      out.write(contents);
      out.writeUTF(compiled.summary);
      out.writeInt(compiled.problems.size());
      for (String line : compiled.problems) {
        out.writeUTF(line);
      }
      out.write(BinaryNodes.write(compiled.document));
      CRC32 crc = new CRC32();
      crc.update(bytes.toByteArray());
      Files.createDirectories(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      Path next = Files.createTempFile(folder, "next-", "");
      try {
        try (DataOutputStream whole = new DataOutputStream(Files.newOutputStream(next))) {
          whole.writeLong(crc.getValue());
          bytes.writeTo(whole);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(next);
      }
      removeOldest();
      return null;
    } catch (IOException | IllegalArgumentException e) {
      return e.getClass().getSimpleName() + ": " + e.getMessage();
    }
  }

  private void removeOldest() throws IOException {
    try (var listed = Files.list(folder)) {
      List<Path> kept =
          new ArrayList<>(
              listed
                  .filter(file -> file.getFileName().toString().startsWith("mibs-"))
                  .sorted(
                      java.util.Comparator.comparingLong(
                          (Path file) -> file.toFile().lastModified()))
                  .toList());
      while (kept.size() > MOST_FILES) {
        Files.deleteIfExists(kept.remove(0));
      }
    }
  }
}
