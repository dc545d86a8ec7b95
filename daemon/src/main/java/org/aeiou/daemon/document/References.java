package org.aeiou.daemon.document;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Replaces {@code ${env:NAME}} and {@code ${file:PATH}} by what they refer to; two dollar signs
 * before a brace stand for one, and the brace. Messages never hold what was found, nor what is no
 * reference: it may be a secret.
 */
public final class References {
  /** Two dollar signs and a brace, or a reference; its closing brace may be missing. */
  private static final Pattern REFERENCE = Pattern.compile("\\$\\$\\{|\\$\\{([^}]*)(\\}?)");

  /** Far more than any secret; a path may lead to a device that never ends. */
  private static final int MAX_OCTETS = 64 << 10;

  /** In place of what is not read: long enough for any secret. */
  private static final String UNREAD = "(not read here)";

  private final Path folder;
  private final Map<String, String> environment;
  private final boolean isRead;

  /** Secrets that stood in a file themselves; by identity, as others may be written the same. */
  private final Set<String> literalSecrets;

  /**
   * References of a file.
   *
   * @param folder what relative paths begin at
   */
  public References(Path folder, Map<String, String> environment) {
    this(folder, environment, true, Collections.newSetFromMap(new IdentityHashMap<>()));
  }

  private References(
      Path folder, Map<String, String> environment, boolean isRead, Set<String> literalSecrets) {
    this.folder = folder;
    this.environment = environment;
    this.isRead = isRead;
    this.literalSecrets = literalSecrets;
  }

  /**
   * The same for what is checked and not used: what a reference leads to is not looked at, and need
   * not be there.
   */
  public References unread() {
    return new References(folder, environment, false, literalSecrets);
  }

  /** Whether the text stands for itself. */
  public static boolean isLiteral(String text) {
    return REFERENCE.matcher(text).results().noneMatch(match -> match.group(1) != null);
  }

  /**
   * The text with every reference replaced.
   *
   * @throws IllegalArgumentException if one leads nowhere
   */
  public String resolve(String text) {
    Matcher matcher = REFERENCE.matcher(text);
    StringBuilder resolved = new StringBuilder();
    while (matcher.find()) {
      String reference = matcher.group(1);
      if (reference != null && matcher.group(2).isEmpty()) {
        throw new IllegalArgumentException(
            "holds '${' without '}'; expected ${env:NAME} or ${file:PATH}, or $${ for the text ${");
      }
      matcher.appendReplacement(
          resolved, Matcher.quoteReplacement(reference == null ? "${" : referred(reference)));
    }
    return matcher.appendTail(resolved).toString();
  }

  /** As {@link #resolve}, for secrets: keeps in mind that one stood in the text itself. */
  public String secret(String text) {
    if (isLiteral(text)) {
      literalSecrets.add(text);
    }
    return resolve(text);
  }

  /** Whether a secret that is no reference stands in a document; what was joined to it is not. */
  public boolean isAnySecretIn(YamlNode document) {
    return literalSecrets.contains(document.text())
        || Stream.of(document.list(), document.map() == null ? null : document.map().values())
            .filter(Objects::nonNull)
            .flatMap(Collection::stream)
            .anyMatch(below -> below.isInFileOf(document) && isAnySecretIn(below));
  }

  private String referred(String reference) {
    if (!isRead && (reference.startsWith("env:") || reference.startsWith("file:"))) {
      return UNREAD;
    }
    if (reference.startsWith("env:")) {
      String name = reference.substring(4);
      String value = environment.get(name);
      if (value == null) {
        throw new IllegalArgumentException(
            "'${" + reference + "}': the environment has no '" + name + "'; set it");
      }
      return value;
    }
    if (reference.startsWith("file:")) {
      try {
        return content(folder.resolve(reference.substring(5)));
      } catch (IOException | InvalidPathException e) {
        throw new IllegalArgumentException("'${" + reference + "}': " + reason(e), e);
      }
    }
    throw new IllegalArgumentException(
        "holds '${…}' that is not a reference; expected ${env:NAME} or ${file:PATH}, or $${ for the"
            + " text ${");
  }

  /** A file's text without the newline that editors put at the end. */
  private static String content(Path path) throws IOException {
    byte[] octets;
    try (InputStream in = Files.newInputStream(path)) {
      octets = in.readNBytes(MAX_OCTETS + 1);
    }
    if (octets.length > MAX_OCTETS) {
      throw new IOException("the file is larger than 64 KiB; expected one secret");
    }
    String text = new String(octets, UTF_8);
    if (text.endsWith("\n")) {
      return text.substring(0, text.length() - (text.endsWith("\r\n") ? 2 : 1));
    }
    return text;
  }

  private static String reason(Exception e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such file";
    }
    if (e instanceof AccessDeniedException) {
      return "there is no permission to read the file";
    }
    return e instanceof InvalidPathException
        ? "this is not a path"
        : "the file cannot be read: " + e.getMessage();
  }
}
