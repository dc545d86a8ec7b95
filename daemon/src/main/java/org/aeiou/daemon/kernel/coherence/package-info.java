/**
 * Cache coherence with the kernel: what it may keep of inodes, and when it must drop that.
 *
 * <pre>
 *   Coherence            decides what a request about a file is answered with
 *     ContentSuccession    which content an inode has, and what takes its place
 *     SizeCorrections      which size the kernel goes by when it reads a content
 *     Listings             what the kernel may keep of directories
 *     Polls                which change each polled file has seen
 *     Writes               inodes that programs write through
 *     InodeBound           makes the kernel give inodes back
 *   RepliesInFlight      which thread of the kernel may not have taken in its reply yet
 *   ChangeCounts         whether a file changed while it was read
 *   InodeTable, Inode    what the kernel knows; CachedContent, CachedListing: what it was told
 *   Invalidations        in come changes; Notifications: out go messages to the kernel
 *   Times                how long each of these lasts, with a diagram
 * </pre>
 *
 * <p>The rules, and why they suffice, are in decision 033; {@code ConsistencyModelTest} checks them
 * against a model of the kernel.
 */
package org.aeiou.daemon.kernel.coherence;
