/**
 * The Unix socket that programs connect to, without a word of what is said on it.
 *
 * <pre>
 *  OwnFolder ─▶ StaleSocket ─▶ ListeningSocket ─▶ PollSet ─▶ PeerCredentials
 *  only this    removes what   makes the socket   sleeps on   process, user and groups
 *  user can     a dead daemon  with its           all         at the other end
 *  change it    left           Permissions        sockets
 * </pre>
 *
 * <p>{@code FileStatus} and {@code UnixAddress} are structures of system calls, {@code ErrorText}
 * what an error is called in a message.
 */
package org.aeiou.daemon.attach.socket;
