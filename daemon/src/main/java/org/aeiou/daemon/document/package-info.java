/**
 * What all readers of what a person writes have in common, whatever it means: which known word a
 * word was meant to be.
 *
 * <p>In come texts; out go words for messages. Nothing here knows a key, a command or an attribute.
 */
package org.aeiou.daemon.document;
