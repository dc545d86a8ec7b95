/**
 * What all readers of what an operator writes have in common, whatever it means: YAML with lines,
 * one list of problems, how single values are written, and which known word a word was meant to be.
 *
 * <p>In come texts; out go nodes and sections with typed values, and problems in words. Nothing
 * here knows a key, a command or an attribute.
 *
 * <pre>
 * a file ─▶ YamlReader ─▶ YamlNode ─▶ Section ─▶ values, read by Texts, Durations and References
 *              │           │         │
 *              ▼           ▼         ▼
 *           NotYaml ──▶ Problems: FILE:LINE: KEYS: what is wrong; what was expected (Spelling)
 *
 * keys and values ─▶ YamlWriter ─▶ a file
 * </pre>
 */
package org.aeiou.daemon.document;
