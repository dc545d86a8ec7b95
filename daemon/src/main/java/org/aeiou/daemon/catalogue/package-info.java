/**
 * What attributes there are: groups and tables, their object identifiers, and how their values
 * read. All of it is data ({@code catalogue/*.yaml} in the resources, and the user's own files);
 * nothing here is about one MIB, but for the object by which kinds of systems are told apart.
 *
 * <p>In come files, once, into a {@link org.aeiou.daemon.catalogue.Catalogue}: they are read as
 * they are written, laid over each other, and only then asked what they mean. Out go {@link
 * org.aeiou.daemon.catalogue.AttributeGroup groups} with their attributes, texts of values ({@link
 * org.aeiou.daemon.catalogue.syntax.Syntax}), and names of rows. Everything that goes out is
 * immutable and for any thread; nothing here asks a system anything.
 *
 * <pre>
 * files ─▶ CatalogueLoader ─▶ CatalogueBuilder ─▶ TableBuilder ─▶ DefinedTable (IndexPart, Join)
 *            │                      │                                  │
 *            │                      └────────▶ DefinedScalars          ├─ a walk ─▶ WalkedTable ─▶ UniqueFileNames
 *            ▼                                                         └─ a row ──▶ JoinedRow
 *          Catalogue: groups by name, attributes by OID          syntax: how values read
 * </pre>
 */
package org.aeiou.daemon.catalogue;
