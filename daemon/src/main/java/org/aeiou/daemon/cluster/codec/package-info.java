/**
 * What messages are made of, as bytes: questions, outcomes, values, how systems and members are.
 * {@code Output} writes, {@code Input} reads and believes nothing.
 *
 * <p>Numbers of kinds are for ever; what is new gets a new one.
 */
package org.aeiou.daemon.cluster.codec;
