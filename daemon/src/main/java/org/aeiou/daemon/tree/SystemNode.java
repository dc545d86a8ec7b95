package org.aeiou.daemon.tree;

import java.util.List;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.TtlClass;

/**
 * A node that may belong to a system, as one of the trees shows it. As text one of a system is its
 * path from the system on, which is the same in each tree.
 */
public interface SystemNode extends Node {

  /** The system that its questions go to; null if it never has any. */
  MonitoredSystem system();

  View view();

  /** The TTL class of the attributes that its tree shows; null if that shows all. */
  TtlClass only();

  /** What was answered where it is there: it is, for as long as the answers are right. */
  default List<Question> toExist() {
    return List.of();
  }

  /** Whether its tree shows an attribute. */
  default boolean shows(AttributeGroup.Attribute attribute) {
    return only() == null || attribute.ttl() == only();
  }
}
