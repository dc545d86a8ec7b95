/**
 * The objects that a simulated agent shows.
 *
 * <p>{@link org.aeiou.daemon.simulator.objects.AgentObjects} is one agent's share: what was changed
 * about it, and its uptime. Its {@link org.aeiou.daemon.simulator.objects.ObjectView view} answers
 * for an object and for the one behind it.
 *
 * <pre>
 *   NetworkObjects ▸ Profile of each Role: Columns of Cells, declared by SystemObjects,
 *        │                   InterfaceObjects, HostObjects, …; TableRows
 *   AgentObjects ▸ ObjectView = GeneratedView (profile, at a Moment) or Recording
 *                               under an Overlay of what was set
 * </pre>
 *
 * <p>A generated value is a function of the seed, the agent, the row and the moment: nothing is
 * stored for it. {@link org.aeiou.daemon.simulator.objects.RecordingReader} reads the walks of real
 * devices.
 */
package org.aeiou.daemon.simulator.objects;
