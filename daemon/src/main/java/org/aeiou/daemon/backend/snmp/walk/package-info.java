/**
 * Walks of tables, without their messages: how far one has come, in which columns and parts; and
 * what was learned of an agent by walking it.
 *
 * <p>In comes what the answers of exchanges brought, from the room above. Out goes where the next
 * exchange begins, and in the end the rows. Knows no PDU.
 *
 * <pre>
 *   WalkProgress   where each column is, and what was found: the continuation of a walk
 *   GapCheck       whether what the first column found are all rows: the last continuation
 *   WalkLessons    what was learned: how much fits, whether parts gain time,
 *     WalkLandmarks  where tables have their middles,
 *     FirstColumns   which tables the first column names
 * </pre>
 */
package org.aeiou.daemon.backend.snmp.walk;
