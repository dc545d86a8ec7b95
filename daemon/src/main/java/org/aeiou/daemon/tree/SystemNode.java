package org.aeiou.daemon.tree;

import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.TtlClass;

/** A node that may belong to a system, as one of the trees shows it. */
public interface SystemNode extends Node {

  /** The system that its questions go to; null if it never has any. */
  MonitoredSystem system();

  View view();

  /** The TTL class of the attributes that its tree shows; null if that shows all. */
  TtlClass only();

  /** Whether its tree shows an attribute. */
  default boolean shows(AttributeGroup.Attribute attribute) {
    return only() == null || attribute.ttl() == only();
  }
}
