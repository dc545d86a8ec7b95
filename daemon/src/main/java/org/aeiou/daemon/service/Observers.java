package org.aeiou.daemon.service;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.CacheListener;
import org.aeiou.daemon.cache.Dependent;
import org.aeiou.daemon.service.FileSystem.Content;
import org.aeiou.daemon.service.FileSystem.Observer;
import org.aeiou.daemon.tree.AnsweredFile;
import org.aeiou.daemon.tree.AttributeFile;
import org.aeiou.daemon.tree.Directory;
import org.aeiou.daemon.tree.Node;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The observers of changes. Turns a changed outcome into the files and names that changed with it.
 * Any thread may call any method.
 */
public final class Observers implements CacheListener {
  private static final Logger LOG = LoggerFactory.getLogger(Observers.class);

  /** Never changed: another one takes its place. */
  private volatile Observer[] observers = {};

  synchronized void add(Observer observer) {
    Observer[] more = Arrays.copyOf(observers, observers.length + 1);
    more[observers.length] = observer;
    observers = more;
  }

  @Override
  public void changed(
      Dependent dependent, Question question, Outcome<Value> before, Outcome<Value> after) {
    if (dependent instanceof AnsweredFile file) {
      if (before == null) {
        // What depends on an outcome is not known of one that the cache was made to forget.
        file.sharing().forEach(this::contentChanged);
      } else {
        contentChanged(file);
      }
      if (file instanceof AttributeFile attribute) {
        listedOrNot(attribute, question, before, after);
      }
    } else if (dependent instanceof Directory directory && observers.length > 0) {
      if (before == null) {
        tell(observer -> observer.namesLearned(directory));
      } else {
        namesChanged(directory, difference(directory, question, before, after));
      }
    }
  }

  /** What is found absent is listed no more, and what is found again is listed again. */
  private void listedOrNot(
      AttributeFile file, Question question, Outcome<Value> before, Outcome<Value> after) {
    boolean isAbsent = isAbsent(question, after);
    if (before == null || isAbsent(question, before) != isAbsent) {
      Directory directory = file.noteAbsence(before == null, isAbsent);
      if (directory != null) {
        namesChanged(directory, Set.of());
      }
    }
  }

  private static boolean isAbsent(Question question, Outcome<Value> outcome) {
    return outcome instanceof Absent
        ? question instanceof Question.Get get && get.guard() == null
        : outcome instanceof Reading<Value> reading
            && reading.value() instanceof Value.Guarded guarded
            && guarded.value() == null
            && guarded.guard() != null;
  }

  @Override
  public void confirmed(Dependent dependent) {
    if (dependent instanceof AnsweredFile file) {
      // In a loop of its own, as most answers are the same as before.
      for (Observer observer : observers) {
        try {
          observer.contentConfirmed(file);
        } catch (RuntimeException e) {
          failed(e);
        }
      }
    }
  }

  @Override
  public void forgotten(Dependent dependent) {
    if (dependent instanceof Node node) {
      tell(observer -> observer.forgotten(node));
    }
  }

  @Override
  public void doubted(Dependent dependent) {
    forgotten(dependent);
    if (dependent instanceof AnsweredFile file) {
      // What was handed out before is not to be gone by until its time is over.
      contentChanged(file);
    }
  }

  void contentChanged(AnsweredFile file) {
    tell(observer -> observer.contentChanged(file));
  }

  void contentGrown(Node file) {
    tell(observer -> observer.contentChanged(file));
  }

  void unreadable(AnsweredFile file, Failure<Content> why) {
    tell(observer -> observer.unreadable(file, why));
  }

  void readable(AnsweredFile file) {
    tell(observer -> observer.readable(file));
  }

  void permissionsChanged() {
    tell(Observer::permissionsChanged);
  }

  void namesChanged(Directory directory, Collection<String> names) {
    tell(observer -> observer.namesChanged(directory, names));
  }

  /** The names that came and went; none if that takes more than the two answers to say. */
  private static Set<String> difference(
      Directory directory, Question question, Outcome<Value> before, Outcome<Value> after) {
    if (!directory.toList().equals(List.of(question))) {
      return Set.of();
    }
    Set<String> names = names(directory, before);
    Set<String> is = names(directory, after);
    Set<String> came = new HashSet<>(is);
    came.removeAll(names);
    names.removeAll(is);
    names.addAll(came);
    return names;
  }

  private static Set<String> names(Directory directory, Outcome<Value> answer) {
    Set<String> names = new HashSet<>();
    directory.list(any -> answer).forEach(named -> names.add(named.name()));
    return names;
  }

  private void tell(Consumer<Observer> what) {
    for (Observer observer : observers) {
      try {
        what.accept(observer);
      } catch (RuntimeException e) {
        failed(e);
      }
    }
  }

  private static void failed(RuntimeException e) {
    // The request that waits for the outcome gets it nevertheless.
    LOG.error("An observer of changes failed; going on without it this time", e);
  }
}
