/**
 * What all readers of what a person writes have in common, whatever it means: which known word a
 * word was meant to be, and why a text is not YAML.
 *
 * <p>In come texts and what a parser says of them; out go words for messages. Nothing here knows a
 * key, a command or an attribute.
 */
package org.aeiou.daemon.document;
