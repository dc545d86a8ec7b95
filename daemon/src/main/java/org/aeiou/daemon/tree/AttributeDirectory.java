package org.aeiou.daemon.tree;

import org.aeiou.daemon.catalogue.AttributeGroup;

/** A directory that has nothing but attributes in it: a group of scalars, or a row of a table. */
public interface AttributeDirectory extends GroupDirectory {

  /** The file of one of the attributes that are {@link #shown}. */
  default AttributeFile file(AttributeGroup.Attribute attribute) {
    return (AttributeFile) find(attribute.name(), Answers.NONE);
  }
}
