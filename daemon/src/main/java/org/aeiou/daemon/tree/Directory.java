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

  /** Whether another answer to {@link #toFind} may mean other names in this directory. */
  default boolean isMadeOfAnswers() {
    return true;
  }

  /**
   * What shows whether that is there which a name is found to mean: nothing but absences if it is
   * not. For directories that need to know nothing to find a name, or where a value tells as well
   * what it means. Asked only if what is found is not just about to be read, which would tell, too.
   */
  default List<Question> toProve(String name) {
    return List.of();
  }

  /** What must be known to list all names. */
  default List<Question> toList() {
    return List.of();
  }

  /**
   * What else is asked before all names are listed, so that in the directories below those are left
   * out that the system is known not to have. Asked again with the answers, until nothing is
   * missing; a question that fails is answered, too, and what it was about is then listed.
   *
   * <p>A directory of files itself waits for nothing: the kernel holds its lock meanwhile, and is
   * to be told that a file's name means something else now.
   *
   * @param known what the system answered lately; null where nothing is known
   * @param nowNanos by the ticker that outcomes are taken by
   */
  default List<Unknown> toOmit(Answers known, long nowNanos) {
    return List.of();
  }

  /** Whether all is known that may leave a name out of the listing. */
  default boolean isComplete(Answers known, long nowNanos) {
    return true;
  }

  /**
   * The node of that name, or null if there is none.
   *
   * @param answers the answers to {@link #toFind}, or to {@link #toProve} where that was asked
   */
  Node find(String name, Answers answers);

  /**
   * All listed names, in the order they are listed; some names may be found and not be listed.
   *
   * @param answers the answers to {@link #toList}; to what else was asked, null if it is not known
   */
  List<Named> list(Answers answers);

  /**
   * A question that is to be asked.
   *
   * @param dependent what is another one when the answer is; null if nothing is
   */
  record Unknown(Question question, Node dependent) {}

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

    /** Nothing was answered. */
    Answers UNKNOWN = question -> null;

    /** The outcome of a question that was asked. */
    Outcome<Value> to(Question question);
  }
}
