package org.aeiou.daemon.catalogue.syntax;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.charset.Charset;
import java.util.Map;
import org.aeiou.daemon.backend.Definitions;
import org.aeiou.daemon.backend.Derived;
import org.aeiou.daemon.backend.Value;

/**
 * A syntax as a catalogue file defines it.
 *
 * @param type as the MIB names it
 * @param base what it is made of
 * @param names of numbers, or of bits where {@code format} is {@link Format#BITS}
 * @param hints the display hints
 * @param size octets of a string that always has as many, which an index then does not count; or 0.
 *     A hint is for strings of this size
 * @param range the numbers there may be, or how many octets; null if nothing is said
 * @param units that the type itself implies, or null
 */
public record DefinedSyntax(
    String type,
    BaseType base,
    Format format,
    Map<Long, String> names,
    Hints hints,
    int size,
    Ranges range,
    String units)
    implements Syntax {

  /**
   * Display hints, each of them or null.
   *
   * @param number for numbers
   * @param octets for octets
   * @param binary for octets that are not text, where they may be either
   */
  record Hints(NumberHint number, OctetHint octets, OctetHint binary) {
    static final Hints NONE = new Hints(null, null, null);
  }

  /** How octets read that a hint cannot describe. */
  public enum Format {
    /** By the hint; without one as text, or else in hexadecimal. */
    HINT,
    BITS,
    INET_ADDRESS,
    DATE_AND_TIME
  }

  /** The syntax of objects that no file defines. */
  public static final DefinedSyntax UNDEFINED = of(BaseType.OCTET_STRING).named("unknown");

  /** The syntax of rates. */
  public static final DefinedSyntax RATE = of(BaseType.GAUGE32).named("Rate");

  public DefinedSyntax {
    names = Map.copyOf(names);
  }

  static DefinedSyntax of(BaseType base) {
    Format format =
        switch (base) {
          case BITS -> Format.BITS;
          case IP_ADDRESS -> Format.INET_ADDRESS;
          default -> Format.HINT;
        };
    // RFC 2578, section 7.1.8, calls them hundredths of a second, BRIDGE-MIB this:
    String units = base == BaseType.TIME_TICKS ? "centi-seconds" : null;
    int size = base == BaseType.IP_ADDRESS ? 4 : 0;
    return new DefinedSyntax(base.smiName(), base, format, Map.of(), Hints.NONE, size, null, units);
  }

  DefinedSyntax named(String name) {
    return new DefinedSyntax(name, base, format, names, hints, size, range, units);
  }

  @Override
  public Map<Long, String> labels() {
    return base.kind() == BaseType.Kind.NUMBER ? names : Map.of();
  }

  @Override
  public Map<Long, String> bits() {
    return format == Format.BITS ? names : Map.of();
  }

  @Override
  public boolean isCounter() {
    return base.isCounter();
  }

  @Override
  public Form form() {
    return switch (base) {
      case OBJECT_IDENTIFIER -> Form.IDENTIFIER;
      case OPAQUE -> Form.OPAQUE;
      case BITS -> Form.BITS;
      case IP_ADDRESS -> Form.INET_ADDRESS;
      case OCTET_STRING -> formOfOctets();
      default -> Form.NUMBER;
    };
  }

  private Form formOfOctets() {
    return switch (format) {
      case BITS -> Form.BITS;
      case INET_ADDRESS -> Form.INET_ADDRESS;
      case DATE_AND_TIME -> Form.DATE_AND_TIME;
      case HINT ->
          hints.octets == null
              ? Form.OCTETS
              : hints.octets.isText()
                  ? Form.TEXT
                  : hints.octets.isHardwareAddress() ? Form.HARDWARE_ADDRESS : Form.OCTETS;
    };
  }

  @Override
  public int mostOctets() {
    if (hints.octets != null && hints.octets.isText()) {
      return Math.max(Definitions.SHORT_OCTETS, hints.octets.length());
    }
    return size > 0 || format == Format.INET_ADDRESS
        ? Definitions.SHORT_OCTETS
        : Definitions.MOST_OCTETS;
  }

  @Override
  public byte[] render(Value value, Charset charset) {
    return text(value, charset).getBytes(UTF_8);
  }

  @Override
  public Value.Single parse(String text, Charset charset) throws NoValueException {
    return new TextValues(this, charset)
        .parse(text.endsWith("\n") ? text.substring(0, text.length() - 1) : text);
  }

  /** The rendering before it is encoded. */
  public String text(Value value, Charset charset) {
    if (value instanceof Value.Numeric number) {
      return number(number);
    }
    if (value instanceof Value.Octets octets) {
      return octets(octets, charset);
    }
    if (value instanceof Derived derived) {
      return derived.toString();
    }
    if (value instanceof Value.Identifier identifier) {
      return identifier.oid().toString();
    }
    if (value instanceof Value.Guarded guarded) {
      return text(guarded.value(), charset);
    }
    return ((Value.Rows) value).rows().size() + " rows";
  }

  private String number(Value.Numeric number) {
    if (base.kind() == BaseType.Kind.NUMBER) {
      String label = names.get(number.number());
      if (label != null) {
        return label;
      }
      if (hints.number != null) {
        return hints.number.apply(number);
      }
    }
    return number.toString();
  }

  private String octets(Value.Octets value, Charset charset) {
    // Its reader would take it for the whole.
    return value.isCut()
        ? whole(value, charset) + "… [cut: the system answered " + value.answered() + " octets]"
        : whole(value, charset);
  }

  private String whole(Value.Octets value, Charset charset) {
    byte[] octets = value.octets();
    String special =
        switch (value.type()) {
          case ADDRESS -> SpecialOctets.inetAddress(octets);
          case OPAQUE -> SpecialOctets.opaqueNumber(octets);
          case OCTETS -> special(octets);
        };
    if (special != null) {
      return special;
    }
    return value.type() == Value.OctetsType.OPAQUE
        ? PlainText.hex(octets)
        : textOrBinary(octets, charset);
  }

  private String special(byte[] octets) {
    return switch (format) {
      case BITS -> SpecialOctets.bits(octets, names);
      case INET_ADDRESS -> SpecialOctets.inetAddress(octets);
      case DATE_AND_TIME -> SpecialOctets.dateAndTime(octets);
      case HINT -> hints.octets == null || hints.octets.isText() ? null : hinted(octets);
    };
  }

  /** Of another size than the type says they are not what the hint is for, and may be text. */
  private String hinted(byte[] octets) {
    String text = size > 0 && octets.length != size ? undeclaredText(octets) : null;
    return text != null ? text : hints.octets.apply(octets);
  }

  private String textOrBinary(byte[] octets, Charset charset) {
    String text =
        hints.octets == null ? undeclaredText(octets) : PlainText.declared(octets, charset);
    if (text != null) {
      return text;
    }
    return hints.binary == null ? PlainText.hex(octets) : hints.binary.apply(octets);
  }

  /** Nothing but NULs is padding only where the catalogue says that there is text. */
  private static String undeclaredText(byte[] octets) {
    String text = PlainText.of(octets);
    return text != null && text.isEmpty() && octets.length > 0 && octets[0] == 0 ? null : text;
  }

  /** The SMI's name for the kind of value, for objects that no file defines. */
  public static String typeName(Value value) {
    if (value instanceof Value.Numeric number) {
      return switch (number.type()) {
        case INTEGER -> BaseType.INTEGER32.smiName();
        case COUNTER32 -> BaseType.COUNTER32.smiName();
        case GAUGE -> BaseType.GAUGE32.smiName();
        case TIME -> BaseType.TIME_TICKS.smiName();
        case COUNTER64 -> BaseType.COUNTER64.smiName();
      };
    }
    if (value instanceof Value.Octets octets) {
      return switch (octets.type()) {
        case OCTETS -> BaseType.OCTET_STRING.smiName();
        case ADDRESS -> BaseType.IP_ADDRESS.smiName();
        case OPAQUE -> BaseType.OPAQUE.smiName();
      };
    }
    if (value instanceof Value.Guarded guarded) {
      return typeName(guarded.value());
    }
    return value instanceof Value.Identifier ? BaseType.OBJECT_IDENTIFIER.smiName() : "table";
  }
}
