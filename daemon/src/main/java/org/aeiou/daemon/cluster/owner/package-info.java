/**
 * Systems that this member owns, as others ask for them: their questions go to the system's own
 * queue, and what is read anew goes to those that are interested.
 *
 * <pre>
 *   Ask ──▶ OwnedSystems ──▶ PendingAsk ──(young enough)──▶ the system's cache
 *                │              │   └──▶ the system's queue ──▶ GuardedExchanger ──▶ its back end
 *                │              └──▶ Interest, noted at the slot in the cache
 *                └──▶ Reply, Refusal               │ taken in anew
 *                                                  ▼
 *                                  Changes, a SystemChanges each ──▶ Changed, Condition
 * </pre>
 */
package org.aeiou.daemon.cluster.owner;
