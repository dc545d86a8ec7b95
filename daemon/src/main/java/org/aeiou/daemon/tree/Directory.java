package org.aeiou.daemon.tree;

import java.util.List;
import org.aeiou.closures.Outcome;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;

/** A directory of the tree. */
public interface Directory extends SystemNode {

  @Override
  default boolean isDirectory() {
    return true;
  }

  /** What must be known to find one name; often nothing. */
  default List<Question> toFind(String name) {
    return List.of();
  }

  /**
   * What shows whether that is there which a name is found to mean: an absence if it is not. For
   * directories that need to know nothing to find a name. Asked only if what is found is not just
   * about to be read, which would tell as well.
   */
  default List<Question> toProve(String name) {
    return List.of();
  }

  /** What must be known to list all names. */
  default List<Question> toList() {
    return List.of();
  }

  /**
   * The node of that name, or null if there is none.
   *
   * @param answers the answers to {@link #toFind}
   */
  Node find(String name, Answers answers);

  /**
   * All listed names, in the order they are listed; some names may be found and not be listed.
   *
   * @param answers the answers to {@link #toList}
   */
  List<Named> list(Answers answers);

  /** A name and what it names. */
  record Named(String name, Node node) {}

  /** What a system answered. */
  @FunctionalInterface
  interface Answers {
    /** For directories that ask nothing. */
    Answers NONE =
        question -> {
          throw new IllegalStateException("not asked: " + question);
        };

    /** The outcome of a question that was asked. */
    Outcome<Value> to(Question question);
  }
}
