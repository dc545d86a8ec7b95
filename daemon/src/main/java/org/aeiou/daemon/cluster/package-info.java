/**
 * More than one machine: members that poll own slots of systems, and all members read what any of
 * them has read.
 */
package org.aeiou.daemon.cluster;
