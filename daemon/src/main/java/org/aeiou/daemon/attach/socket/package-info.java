/**
 * The Unix socket that programs connect to: made where only its owner can put one, {@link
 * org.aeiou.daemon.attach.socket.ListeningSocket}; who is at the other end, {@link
 * org.aeiou.daemon.attach.socket.PeerCredentials}; and sleeping on many of them, {@link
 * org.aeiou.daemon.attach.socket.PollSet}. Knows nothing of what is said on it.
 */
package org.aeiou.daemon.attach.socket;
