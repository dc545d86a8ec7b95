/**
 * Answers for programs: single values, tables, listings, and how systems are, as JSON.
 *
 * <pre>
 *   GET, POST ──▶ ApiHandler ──▶ ReadRequest ──▶ Reading: resolve ▸ read, in one burst ──▶ ValueJson
 *                     │                                   │ all have their outcome, or the deadline
 *                     └──▶ list, systems, requesters, events          └──▶ the answer
 * </pre>
 *
 * <p>A handler returns at once. The answer is written by the thread that brings the last outcome.
 * Nothing here writes to a system.
 */
package org.aeiou.daemon.http.api;
