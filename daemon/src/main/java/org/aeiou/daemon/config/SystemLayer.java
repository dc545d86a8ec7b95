package org.aeiou.daemon.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.charset.Charset;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.aeiou.daemon.backend.BackendFactory;
import org.aeiou.daemon.backend.PartialSettings;
import org.aeiou.daemon.document.References;
import org.aeiou.daemon.document.Section;
import org.aeiou.daemon.document.Texts;

/**
 * What is said of systems so far: by this program, by {@code defaults:}, by profiles, by a system
 * itself. Each is laid over the one before, key by key. Immutable.
 *
 * @param backends what is said to each back end, by the name of its section
 * @param backend the section of the back end that asks the system
 * @param lifetime how long its readings are used
 * @param charset what its texts are written in where they are not UTF-8
 * @param budgets those that there are
 * @param budget the name of the one that the system shares; null for none of those
 * @param writing what of it may be written, and how
 */
record SystemLayer(
    Map<String, PartialSettings> backends,
    String backend,
    Lifetime lifetime,
    Charset charset,
    Budgets budgets,
    String budget,
    Writing writing) {

  SystemLayer {
    backends = Collections.unmodifiableMap(backends);
  }

  /**
   * What holds where nothing is said.
   *
   * @param factories by the name of their section; the first asks the systems that have none
   */
  static SystemLayer standard(
      Map<String, BackendFactory> factories,
      References references,
      Lifetime lifetime,
      Budgets budgets) {
    Map<String, PartialSettings> backends = new LinkedHashMap<>();
    factories.forEach((name, factory) -> backends.put(name, factory.standard(references)));
    String first = factories.keySet().iterator().next();
    return new SystemLayer(backends, first, lifetime, ISO_8859_1, budgets, null, Writing.NONE);
  }

  /**
   * This with {@code defaults:} laid over it, which may speak to every back end, and with {@code
   * write:} at the top.
   *
   * @param root where its other keys do not belong
   */
  SystemLayer withDefaults(Section section, Section root) {
    Map<String, PartialSettings> said = new LinkedHashMap<>();
    backends.forEach(
        (name, partial) -> {
          Section own = section.section(name);
          said.put(name, partial.with(own));
          root.belong(own.known(), "defaults." + name);
          section.belong(own.known(), name);
        });
    Charset saidCharset = section.value("charset", charset, Texts::charset);
    String saidBudget = section.value("budget", budget, budgets::name);
    Writing saidWriting = writing;
    for (Section write : List.of(section.section("write"), root.section("write"))) {
      saidWriting = Writing.read(write, saidWriting, said.keySet());
      root.belong(write.known(), "write");
    }
    root.belong(section.known(), "defaults");
    return new SystemLayer(said, backend, lifetime, saidCharset, budgets, saidBudget, saidWriting);
  }

  /**
   * This with what a profile or a system says laid over it. The back end that has a section there
   * asks the system.
   */
  SystemLayer with(Section section) {
    String asks = chosen(section);
    Section own = section.section(asks);
    Map<String, PartialSettings> said = new LinkedHashMap<>(backends);
    said.put(asks, backends.get(asks).with(own));
    Lifetime saidLifetime =
        section.has("ttl") ? Lifetime.read(section.section("ttl"), lifetime) : lifetime;
    Charset saidCharset = section.value("charset", charset, Texts::charset);
    String saidBudget = section.value("budget", budget, budgets::name);
    Writing saidWriting = Writing.read(section.section("write"), writing, said.keySet());
    section.belong(own.known(), asks);
    return new SystemLayer(said, asks, saidLifetime, saidCharset, budgets, saidBudget, saidWriting);
  }

  /** What is said to the back end that asks the system. */
  PartialSettings settings() {
    return backends.get(backend);
  }

  private String chosen(Section section) {
    List<String> said = backends.keySet().stream().filter(section::has).toList();
    if (said.isEmpty()) {
      return backend;
    }
    for (String second : said.subList(1, said.size())) {
      section.problem(
          second, "is a second way to ask the system; expected this or '" + said.get(0) + "'");
    }
    return said.get(0);
  }
}
