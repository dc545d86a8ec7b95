package org.aeiou.daemon.catalogue.mib;

import java.nio.file.Path;
import java.util.List;

/**
 * What is read together, and what is taken of it.
 *
 * @param places files and folders
 * @param wanted the tables, groups, modules or parts of the tree to take, by name or in numbers;
 *     empty for all
 * @param systems what the {@code sysObjectID} of systems that have it may begin with; null for the
 *     maker's own, empty for any
 */
public record MibSource(List<Path> places, List<String> wanted, List<String> systems) {
  public MibSource {
    places = List.copyOf(places);
    wanted = List.copyOf(wanted);
    systems = systems == null ? null : List.copyOf(systems);
  }
}
