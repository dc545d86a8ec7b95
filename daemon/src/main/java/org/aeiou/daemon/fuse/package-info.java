/**
 * The FUSE protocol as bytes ({@code <linux/fuse.h>}): one {@code *Descriptor} for each message,
 * with its diagram, and nothing else that knows an offset.
 *
 * <p>In come buffers and positions in them; out go numbers and names, and back. {@link
 * org.aeiou.daemon.fuse.Opcode} lists the requests, {@link org.aeiou.daemon.fuse.Errno} says what
 * an outcome is in the language of system calls, for every channel. The room knows no file system,
 * no session and no device.
 */
package org.aeiou.daemon.fuse;
