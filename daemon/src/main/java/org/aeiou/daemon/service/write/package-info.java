/**
 * Writes attributes: checks what is to be written, asks the system once, and reads it back.
 *
 * <p>In come {@link org.aeiou.daemon.service.write.Assignment assignments} of an {@link
 * org.aeiou.daemon.service.write.Author}; out go what was {@link
 * org.aeiou.daemon.service.write.Written written}, an event, and what was read back, to the cache
 * and from there to everybody.
 */
package org.aeiou.daemon.service.write;
