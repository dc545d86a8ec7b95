package org.aeiou.daemon.tree;

import java.util.List;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.TtlClass;

/** A directory that is an attribute group, or a row of one. */
public interface GroupDirectory extends Directory {
  /** What the catalogue says is in it. */
  AttributeGroup group();

  /** The same in another tree. */
  GroupDirectory in(View view, TtlClass only);

  /** The attributes that this tree shows, in the catalogue's order. */
  default List<AttributeGroup.Attribute> shown() {
    List<AttributeGroup.Attribute> all = group().attributes();
    return only() == null ? all : all.stream().filter(this::shows).toList();
  }

  /** The whole group as one file of that name; null if none has it. */
  default GroupFile whole(String name) {
    for (GroupFile.Format format : GroupFile.Format.values()) {
      if (format.fileName().equals(name)) {
        return new GroupFile(this, format);
      }
    }
    return null;
  }

  /** The file of one of the attributes that are {@link #shown}; not of a table, which has rows. */
  default AttributeFile file(AttributeGroup.Attribute attribute) {
    return (AttributeFile) find(attribute.name(), Answers.NONE);
  }
}
