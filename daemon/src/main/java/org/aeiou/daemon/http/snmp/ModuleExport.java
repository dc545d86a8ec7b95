package org.aeiou.daemon.http.snmp;

import java.util.List;
import java.util.Set;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.AttributeGroup.Attribute;

/**
 * What a module exports. Immutable.
 *
 * @param name as the scraper calls it
 * @param objects single objects that are in none of the groups
 */
record ModuleExport(String name, List<OfGroup> groups, List<OfObject> objects) {
  ModuleExport {
    groups = List.copyOf(groups);
    objects = List.copyOf(objects);
  }

  /**
   * What it exports of an attribute group.
   *
   * @param metrics the attributes that are metrics
   * @param labels the columns that are labels of each of those; of a group of scalars none
   * @param hidden the objects of the index that are no labels
   * @param infos the enumerations that are exported by their label, as {@code NAME_info}
   * @param states the enumerations that are exported as a series for each label
   */
  record OfGroup(
      AttributeGroup group,
      List<Attribute> metrics,
      List<Attribute> labels,
      Set<String> hidden,
      Set<String> infos,
      Set<String> states) {
    OfGroup {
      metrics = List.copyOf(metrics);
      labels = List.copyOf(labels);
      hidden = Set.copyOf(hidden);
      infos = Set.copyOf(infos);
      states = Set.copyOf(states);
    }
  }

  /** A scalar that is in no attribute group. */
  record OfObject(String name, Oid oid, String help) {}
}
