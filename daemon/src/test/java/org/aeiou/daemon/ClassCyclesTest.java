package org.aeiou.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Classes of one room that all know each other, directly or by way of others, can only be read
 * together: they are few. A nested class counts as the one around it.
 */
class ClassCyclesTest {
  private static final int MOST = 4;

  /** Rooms that have a larger circle, and how large it may be: a number here only ever shrinks. */
  private static final Map<String, Integer> LARGER = Map.of("org.aeiou.daemon.tree", 6);

  @Test
  void noMoreThanFourClassesOfARoomKnowEachOther() {
    List<String> tooLarge = new ArrayList<>();
    for (Set<String> circle : new Circles(knowledge()).found) {
      String room = circle.iterator().next().replaceFirst("\\.[^.]*$", "");
      if (circle.size() > LARGER.getOrDefault(room, MOST)) {
        tooLarge.add(circle.size() + " of " + room + ": " + circle);
      }
    }
    assertThat(tooLarge).isEmpty();
  }

  /** Which outermost classes of its own package each outermost class depends on. */
  private static Map<String, Set<String>> knowledge() {
    Map<String, Set<String>> known = new TreeMap<>();
    for (JavaClass type :
        new ClassFileImporter()
            .withImportOption(new DoNotIncludeTests())
            .importPackages("org.aeiou")) {
      Set<String> of = known.computeIfAbsent(outermost(type), name -> new TreeSet<>());
      type.getDirectDependenciesFromSelf().stream()
          .map(dependency -> dependency.getTargetClass().getBaseComponentType())
          .filter(target -> target.getPackageName().equals(type.getPackageName()))
          .forEach(target -> of.add(outermost(target)));
    }
    return known;
  }

  private static String outermost(JavaClass type) {
    return type.getEnclosingClass().map(ClassCyclesTest::outermost).orElse(type.getName());
  }

  /** The strongly connected parts of a graph (R. Tarjan, SIAM Journal on Computing 1, 1972). */
  private static final class Circles {
    final List<Set<String>> found = new ArrayList<>();
    private final Map<String, Set<String>> edges;
    private final Map<String, Integer> order = new HashMap<>();
    private final Deque<String> open = new ArrayDeque<>();

    Circles(Map<String, Set<String>> edges) {
      this.edges = edges;
      edges.keySet().forEach(this::visit);
    }

    /** Returns the place, in the order of visits, of the first class that this one leads to. */
    private int visit(String name) {
      Integer before = order.putIfAbsent(name, order.size());
      if (before != null) {
        return open.contains(name) ? before : Integer.MAX_VALUE;
      }
      int own = order.get(name);
      int first = own;
      open.push(name);
      for (String next : edges.getOrDefault(name, Set.of())) {
        first = Math.min(first, visit(next));
      }
      if (first == own) {
        Set<String> circle = new TreeSet<>();
        while (!circle.contains(name)) {
          circle.add(open.pop());
        }
        found.add(circle);
      }
      return first;
    }
  }
}
