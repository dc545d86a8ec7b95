/**
 * {@code aeiou top}: a live table of systems by trouble, and of those that ask most.
 *
 * <pre>
 *  /.aeiou/systems, /.aeiou/requesters ─▶ SystemLine, RequesterLine ─▶ Picture ─▶ TopScreen: text
 *  keys ─▶ View (order, filter, pause) ─────────────────────────────────▲           │
 *                                                RawTerminal: the alternate screen ◀┘
 * </pre>
 *
 * <p>Terminals of today understand the few sequences of ECMA-48 that are written here; a library
 * for that would cost more to load than it saves. What is shown is text worked out from text, so
 * that tests need no terminal.
 */
package org.aeiou.daemon.cli.top;
