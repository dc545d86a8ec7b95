package org.aeiou.daemon.catalogue.syntax;

import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Map;
import org.aeiou.daemon.backend.Value;

/** How values of an attribute read. Immutable. */
public interface Syntax {

  /**
   * The name of the type as the MIB says it, for {@code user.aeiou.type}: {@code Counter64}, {@code
   * DisplayString}.
   */
  String type();

  /**
   * The value as text, without a newline at the end; UTF-8. Total: any value has a rendering, also
   * one of a type that the definition does not expect, and binary octets.
   *
   * @param charset what text that is not UTF-8 is written in, on the system that answered
   */
  byte[] render(Value value, Charset charset);

  /** The value as text with a newline at the end; made once for each value. Not to be changed. */
  default byte[] line(Value value, Charset charset) {
    byte[] known = value instanceof Value.Single single ? single.rendered(this, charset) : null;
    if (known != null) {
      return known;
    }
    byte[] text = render(value, charset);
    byte[] line = Arrays.copyOf(text, text.length + 1);
    line[text.length] = '\n';
    if (value instanceof Value.Single single) {
      single.keepRendered(this, charset, line);
    }
    return line;
  }

  /**
   * The value that reads as a text; with a newline at its end or without.
   *
   * @param charset as of {@link #render}
   * @throws NoValueException if there is none; the message says what was expected
   */
  Value.Single parse(String text, Charset charset) throws NoValueException;

  /**
   * How many octets a value has at most: for text as many as its hint says ({@code 255a}), and no
   * fewer than 255.
   */
  int mostOctets();

  /** The labels of an enumeration by number; empty if it is none. */
  Map<Long, String> labels();

  /** The labels of bits by position, the most significant of the first octet being 0. */
  Map<Long, String> bits();

  /** What a value is to a program that goes by the definition alone. */
  Form form();

  /** Whether the definition says that it only grows. */
  boolean isCounter();

  /** The kinds of values there are by definition. */
  enum Form {
    /** Also an enumeration. */
    NUMBER,
    TEXT,
    /** Octets that read as {@code 0:1b:…}. */
    HARDWARE_ADDRESS,
    /** 4 octets, 16, or such with a zone. */
    INET_ADDRESS,
    DATE_AND_TIME,
    BITS,
    IDENTIFIER,
    /** An encoding of its own, as of floating-point numbers. */
    OPAQUE,
    OCTETS
  }
}
