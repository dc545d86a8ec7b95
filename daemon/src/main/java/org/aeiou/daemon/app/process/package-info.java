/**
 * A process of the program, whatever it serves: how it is told to reload and to end, what of its
 * heap goes where, and where its socket is.
 *
 * <pre>
 *   Signals       runs something when a signal comes
 *   Reloading     reads the configuration again, one reload at a time
 *     TakenSystems  what it reads where the file names no systems
 *   HeapShares    what of the heap may go to what grows
 *   AttachSocket  where programs attach, and orders come in
 *   LastResort    ends the process, and the mount with it, when nothing else does
 * </pre>
 */
package org.aeiou.daemon.app.process;
