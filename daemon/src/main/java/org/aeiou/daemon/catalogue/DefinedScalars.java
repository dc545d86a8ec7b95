package org.aeiou.daemon.catalogue;

import java.util.List;
import java.util.Map;
import org.aeiou.daemon.backend.Oid;

/** A group of scalars as catalogue files define it. */
final class DefinedScalars implements AttributeGroup.Scalars {
  private final String name;
  private final GroupProbe probe;
  private final Map<String, Attribute> byName;
  private final List<Attribute> attributes;
  private final Map<String, String> witnesses;
  private final DefinedRates rates;

  /**
   * A group.
   *
   * @param witnesses by the names of those that have one that is not themselves
   */
  DefinedScalars(
      String name,
      GroupProbe probe,
      Map<String, Attribute> attributes,
      Map<String, String> witnesses,
      DefinedRates rates) {
    this.name = name;
    this.probe = probe;
    this.byName = Map.copyOf(attributes);
    this.attributes = List.copyOf(attributes.values());
    this.witnesses = Map.copyOf(witnesses);
    this.rates = rates;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Oid probe() {
    return probe.subtree();
  }

  @Override
  public List<Oid> systems() {
    return probe.systems();
  }

  @Override
  public List<Attribute> attributes() {
    return attributes;
  }

  @Override
  public Attribute attribute(String attribute) {
    return byName.get(attribute);
  }

  @Override
  public RateAttribute rate(String named) {
    return rates.rate(named);
  }

  @Override
  public Attribute witness(Attribute attribute) {
    String witness = witnesses.get(attribute.name());
    return witness == null ? attribute : byName.get(witness);
  }

  @Override
  public String toString() {
    return name;
  }
}
