/**
 * What a browser is shown, as JSON: cells, which are files with their state and age, and answers.
 *
 * <pre>
 *   cache, outcomes ──▶ ShownFiles ──▶ Shown ──▶ CellJson   keys in short (streams) and in full (answers)
 *   a handler ──▶ JsonAnswer ──▶ Response                   also what is wrong, which names the thing
 * </pre>
 */
package org.aeiou.daemon.http.json;
