package org.aeiou.daemon.catalogue;

import java.util.List;
import org.aeiou.daemon.backend.Oid;

/**
 * How it is found out whether a system has a group. Immutable.
 *
 * @param subtree a system has it if there is anything below this
 * @param systems which systems are asked; see {@link AttributeGroup#systems}
 */
record GroupProbe(Oid subtree, List<Oid> systems) {
  GroupProbe {
    systems = List.copyOf(systems);
  }
}
