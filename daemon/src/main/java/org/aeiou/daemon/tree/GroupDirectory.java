package org.aeiou.daemon.tree;

import java.util.List;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.TtlClass;

/** A directory that is an attribute group, all of which can be read as one file. */
interface GroupDirectory extends Directory {
  AttributeGroup group();

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
}
