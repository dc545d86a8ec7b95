package org.aeiou.daemon.http.snmp;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.aeiou.daemon.document.Texts;
import org.eclipse.jetty.util.Fields;

/**
 * What a scraper wants.
 *
 * @param system the name of the system
 * @param modules in the order given, each once
 */
record ScrapeQuery(String system, List<ModuleExport> modules) {
  private static final String STANDARD_MODULE = "if_mib";

  /** More than a scrape configuration has; each is read on its own. */
  private static final int MOST_MODULES = 32;

  /** Those that snmp_exporter takes, and a URL cannot say here. */
  private static final Set<String> IN_CONFIGURATION = Set.of("snmp_context", "snmp_engineid");

  /** Reads a query as snmp_exporter does; {@code auth} is taken and has no meaning. */
  static ScrapeQuery of(Fields query, Targets targets, Modules modules) throws BadScrapeException {
    List<String> target = query.getValuesOrEmpty("target");
    if (target.size() != 1 || target.get(0).isEmpty()) {
      throw new BadScrapeException(
          "'target' parameter must be specified once: the name of a system, or its address");
    }
    if (query.getValuesOrEmpty("auth").size() > 1) {
      throw new BadScrapeException("'auth' parameter must only be specified once");
    }
    for (String key : IN_CONFIGURATION) {
      if (query.getValuesOrEmpty(key).stream().anyMatch(value -> !value.isEmpty())) {
        throw new BadScrapeException(
            "'%s' parameter is not taken: how a system is asked is in the configuration, where one"
                    .formatted(key)
                + " address may be several systems");
      }
    }
    List<ModuleExport> wanted = modules(query.getValuesOrEmpty("module"), modules);
    return new ScrapeQuery(targets.system(target.get(0)), wanted);
  }

  private static List<ModuleExport> modules(List<String> given, Modules modules)
      throws BadScrapeException {
    Set<String> names = new LinkedHashSet<>();
    for (String list : given.isEmpty() ? List.of(STANDARD_MODULE) : given) {
      for (String name : list.split(",", -1)) {
        if (!name.isEmpty()) {
          names.add(name);
        }
      }
    }
    if (names.isEmpty()) {
      throw new BadScrapeException("'module' parameter must contain at least one module name");
    }
    if (names.size() > MOST_MODULES) {
      throw new BadScrapeException(
          "'module' parameter names %d modules; expected at most %d"
              .formatted(names.size(), MOST_MODULES));
    }
    List<ModuleExport> found = new ArrayList<>();
    for (String name : names) {
      ModuleExport module = modules.find(name);
      if (module == null) {
        throw new BadScrapeException(
            "Unknown module %s; expected an attribute group of the catalogue, or one of %s"
                .formatted(Texts.quoted(name), modules.listed()));
      }
      found.add(module);
    }
    return found;
  }
}
