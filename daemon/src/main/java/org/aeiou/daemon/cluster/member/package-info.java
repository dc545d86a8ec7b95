/**
 * Which members there are, what each owns, and what this one may do.
 *
 * <pre>
 *   MemberState of each member ──▶ Owners: slot ▸ owner and epoch
 *   leases ──▶ Authority: may this process act?
 * </pre>
 */
package org.aeiou.daemon.cluster.member;
