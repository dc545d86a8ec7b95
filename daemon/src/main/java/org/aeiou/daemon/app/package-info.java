/**
 * The program, put together: start, reload, stop.
 *
 * <pre>
 *   MountedDaemon a daemon with its entrances, from mounting to unmounting
 *   PollingDaemon a daemon without a mount, for the other members of a cluster
 *     Daemon        back ends, scheduler, caches, tree and service of one configuration
 *       Membership  what it does as a member of a cluster
 *       Entrances   where programs, orders and notifications come in
 *       MetaFiles   the files of /.aeiou
 *     HttpEntrance  starts and ends what is answered over HTTP
 *       HttpRoutes  the paths and their handlers
 * </pre>
 *
 * <p>In comes a configuration; out go the service that every entrance asks, and the files of {@code
 * /.aeiou}. Only commands ({@code cli}) use this room.
 */
package org.aeiou.daemon.app;
