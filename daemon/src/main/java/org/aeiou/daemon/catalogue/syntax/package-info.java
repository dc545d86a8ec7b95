/**
 * How values read: types, labels, display hints, dates and addresses, and which octets are text.
 *
 * <p>In come the parts of catalogue files that say so ({@link
 * org.aeiou.daemon.catalogue.syntax.Syntaxes}); out go {@link
 * org.aeiou.daemon.catalogue.syntax.Syntax syntaxes}, which turn any value into text. Nothing here
 * knows a group, a table or a system.
 *
 * <pre>
 * Syntaxes ──makes──▶ DefinedSyntax ──▶ NumberHint
 *                       │    │  └─────▶ OctetHint ──┐
 *                       │    └────────▶ SpecialOctets ──▶ PlainText
 *                       └─────────────▶ BaseType
 * </pre>
 */
package org.aeiou.daemon.catalogue.syntax;
