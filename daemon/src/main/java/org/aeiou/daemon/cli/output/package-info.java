/**
 * What commands print: values in one of four forms, and what a terminal needs besides.
 *
 * <pre>
 * Item ─▶ Format: PlainFormat, JsonFormat, CsvFormat, TableFormat ─▶ standard output
 * Progress ─▶ standard error, if that is a terminal          Terminal: what is one, colour, size
 * </pre>
 */
package org.aeiou.daemon.cli.output;
