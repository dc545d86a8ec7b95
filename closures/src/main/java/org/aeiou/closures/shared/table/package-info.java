/**
 * The value table: what is known of paths, where every client finds it without asking.
 *
 * <pre>
 *   daemon                                                    client
 *   ValueTable ──  slots, {@link org.aeiou.closures.shared.table.TableDescriptor} ──▶  TableReader
 *     │ Blocks     data: path and value                              │
 *     ▼                                                              ▼
 *   ListingWriter ─ {@link org.aeiou.closures.shared.table.ListingDescriptor} ──────▶  Listing
 * </pre>
 *
 * <p>One thread at a time writes, any number read; none of them waits for another. What each kind
 * of slot answers is said by {@link org.aeiou.closures.shared.table.TableKind}.
 */
package org.aeiou.closures.shared.table;
