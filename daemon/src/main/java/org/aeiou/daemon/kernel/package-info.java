/**
 * The way from the operating system's file calls to the {@link
 * org.aeiou.daemon.service.FileSystem}: a channel turns requests into calls of it, and outcomes
 * into replies.
 *
 * <p>{@link org.aeiou.daemon.kernel.KernelChannel} speaks the FUSE kernel protocol itself. In come
 * bytes from {@code /dev/fuse}: a reader thread hands each request to the session, which finds its
 * handler in one table and asks the file system. Out go replies: inside that call for a hit, from
 * whichever thread completes it for a miss. Layouts of messages are in {@code *Descriptor} classes
 * and nowhere else; the session knows nothing of devices and mounts.
 *
 * <p>{@link org.aeiou.daemon.fuse.Errno} says for every channel what an outcome is in the language
 * of system calls.
 */
package org.aeiou.daemon.kernel;
