package org.aeiou.daemon.catalogue.mib;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.aeiou.daemon.document.Problems;

/** Which files a folder of MIBs has, and what is in them as text; within bounds. */
final class MibFiles {
  /** The largest file that is read; the largest MIB known has 5 MB. */
  private static final int MOST_OCTETS = 16 << 20;

  private static final int MOST_FILES = 20_000;
  private static final int MOST_DEPTH = 8;

  /** Files beside MIBs that hold none. */
  private static final Set<String> OTHERS =
      Set.of(
          "zip", "gz", "tar", "tgz", "pdf", "html", "htm", "xml", "json", "yaml", "yml", "py", "md",
          "c", "h", "png", "jpg", "gif", "exe", "doc", "docx", "xls", "xlsx", "csv", "oid");

  /** How far a file is looked into for what every MIB has. */
  private static final int HEAD = 512 << 10;

  private MibFiles() {}

  /**
   * The files: one, or those of a folder and of what is below it, in the order of their paths. What
   * begins with a dot is passed over.
   */
  static List<Path> below(Path place, Problems problems) {
    if (!Files.isDirectory(place)) {
      return List.of(place);
    }
    Set<Path> found = new TreeSet<>();
    try {
      Files.walkFileTree(
          place,
          EnumSet.of(FileVisitOption.FOLLOW_LINKS),
          MOST_DEPTH,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
              return isHidden(folder) && !folder.equals(place)
                  ? FileVisitResult.SKIP_SUBTREE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (attributes.isRegularFile() && !isHidden(file) && !isOther(file)) {
                found.add(file);
              }
              return found.size() > MOST_FILES
                  ? FileVisitResult.TERMINATE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      problems.add(0, "", "cannot be listed: " + e.getMessage());
    }
    if (found.size() > MOST_FILES) {
      problems.add(0, "", "holds more than " + MOST_FILES + " files; the rest is not read");
    }
    return new ArrayList<>(found).subList(0, Math.min(found.size(), MOST_FILES));
  }

  private static boolean isHidden(Path path) {
    return path.getFileName() != null && path.getFileName().toString().startsWith(".");
  }

  private static boolean isOther(Path file) {
    String name = file.getFileName().toString();
    return OTHERS.contains(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
  }

  /**
   * The text of a file; null if there is no MIB in it, which is told of a file that was named.
   *
   * @param isNamed whether the file was named itself, and not found in a folder
   */
  static String text(Path file, boolean isNamed, Problems problems) {
    byte[] octets;
    try (InputStream in = Files.newInputStream(file)) {
      octets = in.readNBytes(MOST_OCTETS + 1);
    } catch (NoSuchFileException e) {
      problems.add(0, "", "there is no such file");
      return null;
    } catch (IOException e) {
      problems.add(0, "", "cannot be read: " + e.getMessage());
      return null;
    }
    if (octets.length > MOST_OCTETS) {
      problems.add(0, "", "is larger than " + (MOST_OCTETS >> 20) + " MiB; skipped");
      return null;
    }
    String text = decoded(octets);
    int begin = text.indexOf("DEFINITIONS");
    if (begin < 0 || begin > HEAD) {
      if (isNamed) {
        problems.add(0, "", "is no MIB; expected 'NAME DEFINITIONS ::= BEGIN' in it");
      }
      return null;
    }
    return text;
  }

  /** UTF-8 if it is that; else each octet is a character, as in Latin-1, which most others are. */
  static String decoded(byte[] octets) {
    String text;
    try {
      text = UTF_8.newDecoder().decode(ByteBuffer.wrap(octets)).toString();
    } catch (CharacterCodingException e) {
      text = new String(octets, ISO_8859_1);
    }
    // Lines of old Macintoshes end with CR alone.
    return text.indexOf('\n') < 0 ? text.replace('\r', '\n') : text;
  }
}
