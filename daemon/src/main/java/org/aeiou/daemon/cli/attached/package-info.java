/**
 * The commands that ask the daemon behind a mount, by the attachment that programs use: all paths
 * in one burst, what is not cached as it comes. {@code get}, {@code ls} and {@code find} ask
 * without a mount as well.
 *
 * <pre>
 * GetCommand, ListCommand, FindCommand, WatchCommand, DiffCommand ─▶ PathPattern ─▶ Expansion ─┐
 *                                                                                              ▼
 *      SourceOptions: which mount, or which configuration ──────▶ Tree: AttachedTree, OfflineTree
 *      OutputOptions ─▶ cli.output                                 CommandLoop: all on one thread
 * </pre>
 */
package org.aeiou.daemon.cli.attached;
