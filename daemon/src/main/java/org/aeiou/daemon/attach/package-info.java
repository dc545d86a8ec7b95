/**
 * Programs that attach: a Unix socket, and memory that each of them shares with the daemon.
 *
 * <p>{@link org.aeiou.daemon.attach.AttachServer} is the door: one thread accepts, takes
 * submissions from the rings of all clients, and notices when one is gone. What a client asks for
 * goes to the service like a request of the kernel; its closure posts the outcome to the client's
 * ring, on whatever thread it runs. What was read goes to the value table on the way, so that the
 * next client that wants it asks no system. A request is checked first ({@code RequestCheck}), then
 * done ({@code Operations}, {@code Watching}, {@code Chains}), and ends as what {@code Outcomes}
 * makes of it. The layouts are in {@code org.aeiou.closures.shared} and in {@code closures/ABI.md}.
 */
package org.aeiou.daemon.attach;
