/**
 * A model of the whole way between a program and an agent, in random interleavings.
 *
 * <pre>
 *   ModelKernel        Linux: dcache, inodes, pages, programs; drops and asks as the kernel does
 *     Session, Coherence, AttributeService, ReadingCache: the real ones
 *   ModelAgent         an agent that answers late, in any order, or not at all
 *   ModelEvents        the order of everything, drawn from a seed, and the clock
 *   ModelRaces         lets the cache change just after the session looked into it
 * </pre>
 *
 * <p>{@code ConsistencyModelTest} builds worlds of these and checks what each program reads.
 */
package org.aeiou.daemon.kernel.model;
