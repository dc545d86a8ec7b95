/**
 * Programs that attach: a Unix socket, and memory that each of them shares with the daemon.
 *
 * <p>The classes, in the order in which a program meets them:
 *
 * <pre>
 *  connect ─▶ socket.ListeningSocket ─▶ Connections ──hello──▶ Handshake ─▶ Connection, a Client
 *                                        │ Quotas              │ socket.PeerCredentials
 *                                        │ Shortage            │ SharedFile, WelcomeMessage
 *                                        └──order───▶ OrderHandler
 *
 *  submit ─▶ ring, doorbell ─▶ AttachServer, one thread ─▶ ClientTurns ─▶ request.Operations
 *                                                                           │
 *  completion ring, bell ◀─ request.Client ◀── on whatever thread ends it ◀─┘
 * </pre>
 *
 * <p>{@link org.aeiou.daemon.attach.AttachServer} is the door, {@link
 * org.aeiou.daemon.attach.AttachOptions} what is configured, {@code AttachCounters} what is
 * counted. What a client asks for is done in {@link org.aeiou.daemon.attach.request}. The layouts
 * are in {@code org.aeiou.closures.shared} and in {@code closures/ABI.md}.
 */
package org.aeiou.daemon.attach;
