/**
 * Keeps over restarts what was learned of systems: how each may be asked, as the scheduler found
 * out, and what its back end and others know of its agent.
 *
 * <pre>
 *   scheduler (Health.learned) ──▶ LearnedSystems ──▶ LearnedFile ──▶ state.StateFolder
 *   backend.AgentProfile ─────────▶     │ LearnedRecord: one system
 *   the next run ◀──────────────────────┘
 * </pre>
 */
package org.aeiou.daemon.learned;
