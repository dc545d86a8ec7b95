package org.aeiou.daemon.catalogue.syntax;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.aeiou.daemon.catalogue.syntax.DefinedSyntax.Format;
import org.aeiou.daemon.catalogue.syntax.DefinedSyntax.Hints;
import org.aeiou.daemon.document.Spelling;
import org.aeiou.daemon.document.YamlNode;

/** Makes syntaxes of what files say: the named ones once, and those of single attributes. */
public final class Syntaxes {
  /** The keys that say how a value reads; a named syntax has them, and so has an attribute. */
  public static final Set<String> REFINEMENTS =
      Set.of("labels", "hint", "binary-hint", "format", "size", "range", "units");

  private static final Set<String> KEYS =
      Set.of(
          "is", "description", "labels", "hint", "binary-hint", "format", "size", "range", "units");

  private static final Set<String> BASE_NAMES =
      Set.copyOf(Stream.of(BaseType.values()).map(base -> base.smiName()).toList());

  private static final Set<String> OCTETS_ONLY = Set.of("binary-hint", "format", "size");

  private static final Pattern LABEL = Pattern.compile("([^\\s(),]+)\\((-?[0-9]{1,18})\\)[\\s,]*");
  private static final int MAX_SIZE = 64;

  private final Map<String, YamlNode> definitions;
  private final Map<String, DefinedSyntax> made = new HashMap<>();
  private final Set<String> beingMade = new LinkedHashSet<>();

  /**
   * @param top what all files say, merged
   */
  public Syntaxes(YamlNode top) {
    this.definitions = top.map("syntaxes");
    for (BaseType base : BaseType.values()) {
      made.put(base.smiName(), DefinedSyntax.of(base));
    }
    for (YamlNode definition : definitions.values()) {
      if (BASE_NAMES.contains(definition.key())) {
        definition.problem("'" + definition.key() + "' is a type of the SMI; name it another");
      }
      named(definition.key());
    }
  }

  /** The syntax of that name, or null if there is none, or none that is right, which is told. */
  private DefinedSyntax named(String name) {
    DefinedSyntax known = made.get(name);
    YamlNode definition = definitions.get(name);
    if (known != null || definition == null) {
      return known;
    }
    if (!beingMade.add(name)) {
      definition.problem("'" + name + "' is made of itself: " + beingMade);
      return null;
    }
    if (definition.map() != null) {
      definition.onlyKeys(KEYS);
    }
    DefinedSyntax syntax = refined(definition, "is");
    beingMade.remove(name);
    if (syntax != null) {
      // A name may begin with its module, which is not part of what the type is called.
      int module = name.lastIndexOf("::");
      syntax = syntax.named(module < 0 ? name : name.substring(module + 2));
      made.put(name, syntax);
    }
    return syntax;
  }

  /** Whether a text is a display hint for what is made of that. */
  public static boolean isHint(String hint, BaseType.Kind kind) {
    try {
      if (kind == BaseType.Kind.NUMBER) {
        NumberHint.parse(hint);
      } else {
        OctetHint.parse(hint);
      }
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /** The syntax that {@code entry} names, or null if there is none, which is told. */
  public DefinedSyntax named(YamlNode entry) {
    String name = entry.asText();
    if (name == null) {
      return null;
    }
    DefinedSyntax syntax = named(name);
    if (syntax == null && !definitions.containsKey(name)) {
      entry.problem(
          "'"
              + name
              + "' is no syntax; expected "
              + meant(name)
              + "one of 'syntaxes', or "
              + Spelling.choice(Stream.of(BaseType.values()).map(base -> base.smiName())));
    }
    return syntax;
  }

  private String meant(String name) {
    List<String> known = new ArrayList<>(definitions.keySet());
    known.addAll(BASE_NAMES);
    String nearest = Spelling.nearest(name, known);
    return nearest == null ? "" : "'" + nearest + "', ";
  }

  /** The syntax named at {@code typeKey} with what else the map says, or null, which is told. */
  public DefinedSyntax refined(YamlNode in, String typeKey) {
    if (in.asMap().isEmpty()) {
      return null;
    }
    YamlNode type = in.map().get(typeKey);
    if (type == null) {
      in.problem("has no '" + typeKey + "'; expected the name of a syntax");
      return null;
    }
    DefinedSyntax base = named(type);
    if (base != null) {
      for (String refinement : REFINEMENTS) {
        if (in.map().containsKey(refinement)) {
          return refine(base, in);
        }
      }
    }
    return base;
  }

  private DefinedSyntax refine(DefinedSyntax is, YamlNode in) {
    Format format = is.format();
    NumberHint numberHint = is.hints().number();
    OctetHint octetHint = is.hints().octets();
    OctetHint binaryHint = is.hints().binary();
    try {
      String hint = in.text("hint");
      if (hint != null && is.base().kind() == BaseType.Kind.NUMBER) {
        numberHint = NumberHint.parse(hint);
      } else if (hint != null) {
        octetHint = OctetHint.parse(hint);
      }
    } catch (IllegalArgumentException e) {
      in.map().get("hint").problem(e.getMessage());
    }
    try {
      String hint = in.text("binary-hint");
      binaryHint = hint == null ? binaryHint : OctetHint.parse(hint);
    } catch (IllegalArgumentException e) {
      in.map().get("binary-hint").problem(e.getMessage());
    }
    String word = in.text("format");
    if (word != null) {
      format =
          switch (word) {
            case "bits" -> Format.BITS;
            case "inet-address" -> Format.INET_ADDRESS;
            case "date-and-time" -> Format.DATE_AND_TIME;
            default -> {
              in.map()
                  .get("format")
                  .problem(
                      "'"
                          + word
                          + "' is not a format; expected bits, inet-address or date-and-time");
              yield format;
            }
          };
    }
    boolean isOctets = is.base().kind() == BaseType.Kind.OCTETS;
    for (String key : isOctets ? Set.<String>of() : OCTETS_ONLY) {
      if (in.map().containsKey(key)) {
        in.map().get(key).problem("'" + key + "' is for octets, not for " + is.type());
      }
    }
    if (in.map().containsKey("labels")
        && is.base().kind() != BaseType.Kind.NUMBER
        && format != Format.BITS) {
      in.map().get("labels").problem("labels are for numbers and bits, not for " + is.type());
    }
    String units = in.text("units");
    return new DefinedSyntax(
        is.type(),
        is.base(),
        format,
        in.map().containsKey("labels") ? labels(in) : is.names(),
        new Hints(numberHint, octetHint, binaryHint),
        in.map().containsKey("size") ? size(in) : is.size(),
        in.map().containsKey("range") ? range(in) : is.range(),
        units == null ? is.units() : units);
  }

  private static Ranges range(YamlNode in) {
    String text = in.text("range");
    try {
      return text == null ? null : Ranges.parse(text);
    } catch (IllegalArgumentException e) {
      in.map().get("range").problem(e.getMessage());
      return null;
    }
  }

  private int size(YamlNode in) {
    String text = in.text("size");
    if (text != null && text.matches("[0-9]{1,3}") && Integer.parseInt(text) <= MAX_SIZE) {
      return Integer.parseInt(text);
    }
    in.map().get("size").problem("'" + text + "' is not a size; expected octets, 0 to " + MAX_SIZE);
    return 0;
  }

  /** {@code up(1) down(2)}, as in a MIB. */
  private Map<Long, String> labels(YamlNode in) {
    Map<Long, String> labels = new TreeMap<>();
    String text = in.text("labels");
    if (text == null) {
      return labels;
    }
    Matcher matcher = LABEL.matcher(text.strip());
    int end = 0;
    while (matcher.lookingAt()) {
      long number = Long.parseLong(matcher.group(2));
      String before = labels.put(number, matcher.group(1));
      if (before != null) {
        in.map()
            .get("labels")
            .problem(number + " is both '" + before + "' and '" + matcher.group(1) + "'; keep one");
      }
      end = matcher.end();
      matcher.region(end, matcher.regionEnd());
    }
    if (end < matcher.regionEnd() || labels.isEmpty()) {
      in.map()
          .get("labels")
          .problem(
              "'"
                  + text.strip().substring(end)
                  + "' is not a label with its number; expected as in a MIB: up(1) down(2)");
    }
    return labels;
  }
}
