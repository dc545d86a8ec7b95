/**
 * Sessions of the FUSE protocol: what is done with each request of the kernel.
 *
 * <pre>
 *   KernelChannel      reader threads on /dev/fuse, mounting and its end
 *     Session            one table from opcode to handler
 *       NameCalls          LOOKUP, FORGET
 *       FileCalls          GETATTR, READ, READLINK, OPEN, POLL
 *       WriteCalls         WRITE, SETATTR, FSYNC, and what would change names
 *       DirectoryCalls     READDIR, READDIRPLUS
 *       XattrCalls         GETXATTR, LISTXATTR
 *       ConnectionCalls    INIT, STATFS, INTERRUPT
 *     CallReplies        exactly one reply for each Call: inside the call for a hit, later for a miss
 *     KernelNotifier     tells the kernel what it did not ask for
 * </pre>
 *
 * <p>In come bytes from the device; out go calls of {@link org.aeiou.daemon.service.FileSystem},
 * and replies. Layouts of messages are in {@code fuse}; what the kernel may keep is decided in
 * {@code kernel.coherence}.
 */
package org.aeiou.daemon.kernel;
