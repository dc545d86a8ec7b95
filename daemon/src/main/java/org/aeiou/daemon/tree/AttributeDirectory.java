package org.aeiou.daemon.tree;

import org.aeiou.daemon.catalogue.AttributeGroup;

/** A directory that has nothing but attributes in it: a group of scalars, or a row of a table. */
public interface AttributeDirectory extends Directory {

  /** What the catalogue says is in it. */
  AttributeGroup group();

  /** The file of an attribute of {@link #group}. */
  default AttributeFile file(AttributeGroup.Attribute attribute) {
    return (AttributeFile) find(attribute.name(), Answers.NONE);
  }
}
