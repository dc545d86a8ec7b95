package org.aeiou.daemon.service.group;

import java.util.ArrayList;
import java.util.List;
import org.aeiou.daemon.catalogue.AttributeGroup;
import org.aeiou.daemon.catalogue.AttributeGroup.Attribute;
import org.aeiou.daemon.tree.GroupDirectory;

/**
 * The attributes that a group read names.
 *
 * @param columns in the order they were named
 * @param haveRates whether rates are among them, which no walk brings
 * @param unknown a name that the group does not have; null if it has all
 */
record WantedColumns(List<Attribute> columns, boolean haveRates, String unknown) {

  /**
   * The attributes of these names.
   *
   * @param names null for all that are listed
   */
  static WantedColumns of(GroupDirectory directory, List<String> names) {
    if (names == null) {
      return new WantedColumns(directory.shown(), false, null);
    }
    AttributeGroup group = directory.group();
    List<Attribute> columns = new ArrayList<>();
    boolean haveRates = false;
    for (String name : names) {
      Attribute column = group.attribute(name);
      if (column == null) {
        AttributeGroup.RateAttribute rate = group.rate(name);
        haveRates |= rate != null;
        column = rate == null ? null : rate.attribute();
      }
      if (column == null || !directory.shows(column)) {
        return new WantedColumns(List.of(), false, name);
      }
      columns.add(column);
    }
    return new WantedColumns(columns, haveRates, null);
  }
}
