package org.aeiou.daemon.tree;

import java.util.List;
import org.aeiou.daemon.cache.Freshness;
import org.aeiou.daemon.catalogue.TtlClass;
import org.aeiou.daemon.endpoint.Lifetimes;

/** A file that holds what a system answered to one question: an attribute's value, or a group's. */
public interface AnsweredFile extends SystemNode {

  @Override
  default boolean isDirectory() {
    return false;
  }

  /** How long such an answer can be used. */
  Freshness freshness(Lifetimes lifetimes);

  /** The same in another view, in the tree that shows only a TTL class, or all if that is null. */
  AnsweredFile in(View view, TtlClass only);

  /** All files that hold the same answer, this one among them: they change together. */
  List<AnsweredFile> sharing();
}
