/**
 * How outcomes get to a program: into its completion ring, with one ring of the bell for many, and
 * many answers in turns with those of other programs.
 *
 * <pre>
 * attach.request ─▶ AnswersInTurns ─▶ Completions ─▶ closures.shared: the ring
 *                                        └─▶ Bell: the program's eventfd
 * </pre>
 */
package org.aeiou.daemon.attach.completion;
