/**
 * The program, put together: start, reload, stop.
 *
 * <pre>
 *   MountedDaemon a daemon with its entrances, from mounting to unmounting
 *   Daemon        back ends, scheduler, caches, tree and service of one configuration
 *   Clustering    this process as a member of a cluster
 *   PollingDaemon a daemon without a mount, for the other members
 *   HttpEntrance  starts and ends what is answered over HTTP
 *     HttpRoutes  the paths and their handlers
 *   Reloading     reads the configuration again, one reload at a time
 *   HeapShares    what of the heap may go to what grows
 *   Logging       one line per event, to the standard error
 *   LastResort    ends the process, and the mount with it, when nothing else does
 * </pre>
 *
 * <p>In comes a configuration; out go the service that every entrance asks, and the files of {@code
 * /.aeiou}. Only commands ({@code cli}) use this room.
 */
package org.aeiou.daemon.app;
