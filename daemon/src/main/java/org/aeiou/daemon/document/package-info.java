/**
 * What all readers of what an operator writes have in common, whatever it means: YAML with lines,
 * one list of problems, how single values are written, and which known word a word was meant to be.
 *
 * <p>In come texts; out go {@link org.aeiou.daemon.document.Section sections} with typed values,
 * and {@link org.aeiou.daemon.document.Problems} in words. Nothing here knows a key, a command or
 * an attribute.
 */
package org.aeiou.daemon.document;
