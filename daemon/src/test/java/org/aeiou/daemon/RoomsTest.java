package org.aeiou.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The picture of the rooms in {@code README.md} is what the imports are. */
class RoomsTest {
  private static final String DAEMON = "org.aeiou.daemon.";

  /** As in {@code kernel ──▶ fuse, service}; a room that knows none has no arrow. */
  private static final Pattern ARROW = Pattern.compile("^([a-z.]+)(?: +──▶ ([a-z., ]+))?$");

  /** A room with more files than this is two rooms. */
  private static final int MOST_FILES = 26;

  private static Map<String, Set<String>> picture() throws Exception {
    Map<String, Set<String>> picture = new LinkedHashMap<>();
    boolean inside = false;
    for (String line : Files.readAllLines(Path.of("README.md"))) {
      if (line.startsWith("```")) {
        inside = line.equals("```rooms");
      } else if (inside) {
        Matcher arrow = ARROW.matcher(line.strip());
        assertThat(arrow.matches()).as(line).isTrue();
        Set<String> known = new TreeSet<>();
        if (arrow.group(2) != null) {
          known.addAll(List.of(arrow.group(2).split(", ")));
        }
        picture.put(arrow.group(1), known);
      }
    }
    return picture;
  }

  private static Map<String, Set<String>> imports() {
    Map<String, Set<String>> imports = new TreeMap<>();
    for (JavaClass type : classes()) {
      Set<String> known = imports.computeIfAbsent(room(type), room -> new TreeSet<>());
      type.getDirectDependenciesFromSelf().stream()
          .map(dependency -> dependency.getTargetClass().getBaseComponentType())
          .filter(target -> target.getPackageName().startsWith(DAEMON))
          .map(RoomsTest::room)
          .filter(room -> !room.equals(room(type)))
          .forEach(known::add);
    }
    return imports;
  }

  private static Iterable<JavaClass> classes() {
    return new ClassFileImporter()
        .withImportOption(new DoNotIncludeTests())
        .importPackages("org.aeiou.daemon");
  }

  private static String room(JavaClass type) {
    return type.getPackageName().substring(DAEMON.length());
  }

  @Test
  void thePictureOfTheRoomsIsWhatTheImportsAre() throws Exception {
    Map<String, Set<String>> picture = picture();
    List<String> order = new ArrayList<>(picture.keySet());
    Map<String, Set<String>> imports = imports();
    imports.keySet().stream().filter(room -> !order.contains(room)).forEach(order::add);

    assertThat(drawn(order, picture)).isEqualTo(drawn(order, imports));
  }

  private static String drawn(List<String> order, Map<String, Set<String>> rooms) {
    StringBuilder drawn = new StringBuilder();
    for (String room : order) {
      Set<String> known = rooms.getOrDefault(room, Set.of());
      drawn.append(known.isEmpty() ? room : "%-20s ──▶ ".formatted(room));
      drawn.append(
          known.stream()
              .sorted(Comparator.comparingInt(order::indexOf))
              .collect(Collectors.joining(", ")));
      drawn.append('\n');
    }
    return drawn.toString();
  }

  @Test
  void importsGoDownThePictureAndNeverUp() throws Exception {
    Map<String, Set<String>> picture = picture();
    List<String> order = new ArrayList<>(picture.keySet());
    picture.forEach(
        (room, known) ->
            assertThat(known)
                .as(room)
                .allSatisfy(
                    below -> assertThat(order.indexOf(below)).isGreaterThan(order.indexOf(room))));
  }

  @Test
  void noRoomIsTooLargeToSee() {
    Map<String, Set<String>> files = new TreeMap<>();
    for (JavaClass type : classes()) {
      files
          .computeIfAbsent(room(type), room -> new TreeSet<>())
          .add(type.getSource().orElseThrow().getFileName().orElseThrow());
    }
    assertThat(files)
        .allSatisfy((room, names) -> assertThat(names).as(room).hasSizeLessThan(MOST_FILES));
  }
}
