/**
 * The systems that run, each with its queue, its cache and what was learned of it, and what becomes
 * of them in a reload.
 *
 * <pre>
 *   RunningSystems ──▶ Places        where a system is asked: here, or by another member of a cluster
 *     AnswerIntake   step 1 of every completion: cache, value table, kernel
 *     SharedBudgets  what several systems share
 * </pre>
 *
 * <p>In comes a configuration; out go the endpoints of the tree.
 */
package org.aeiou.daemon.app.systems;
