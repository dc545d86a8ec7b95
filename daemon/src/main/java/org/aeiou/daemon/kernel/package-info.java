/**
 * The way from the operating system's file calls to the {@link
 * org.aeiou.daemon.service.FileSystem}: a channel turns requests into calls of it, and outcomes
 * into replies.
 */
package org.aeiou.daemon.kernel;
