/**
 * The channel for where the FUSE protocol cannot be spoken directly: the same file system through
 * jnr-fuse and the high-level interface of libfuse 2.
 *
 * <p>In come the calls of libfuse ({@link org.aeiou.daemon.portable.LibfuseCallbacks}), each on a
 * thread of libfuse that waits for the answer, with a path; out go calls of the {@link
 * org.aeiou.daemon.service.FileSystem}. Between the two: {@code NameCache} remembers what names
 * mean, {@code Waits} parks the thread of a miss, {@code PathCalls} is what each file call means.
 * {@code Libfuse} and {@code Structures} alone touch memory that is not Java's; {@code
 * LibfuseThread} is the thread inside it. The way in is {@link
 * org.aeiou.daemon.portable.PortableChannel}.
 */
package org.aeiou.daemon.portable;
