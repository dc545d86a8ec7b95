/**
 * Vendors' MIB files, SMIv1 and SMIv2, as catalogue files. The files are rarely right and rarely
 * complete, so nothing here gives up: what cannot be read is skipped, told with its line, and so is
 * what depends on it.
 *
 * <p>In come folders and files; out comes the text of a catalogue file, and what was skipped.
 * Files, statements and depths are bounded; nothing is asked of a system.
 *
 * <pre>
 * files ─▶ MibFiles ─▶ Lexer ─▶ ModuleReader (Statement, SyntaxReader) ─▶ MibModule: Definitions
 *                                                                             │
 *                  StandardNames (roots, the built-in catalogue) ─▶ Modules: whose name is it
 *                                                                             │
 *                     MibImport ◀─ CatalogueText ◀─ Groups ◀─ Objects ◀───────┘ ─▶ Types
 *                         │
 *                         └─▶ CompiledMibs: the same at each start, read once
 * </pre>
 */
package org.aeiou.daemon.catalogue.mib;
