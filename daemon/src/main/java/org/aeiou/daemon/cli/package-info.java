/**
 * The command line, and the place where the rooms are put together: {@link
 * org.aeiou.daemon.cli.Main} starts a command, {@code Daemon} is everything behind the tree.
 */
package org.aeiou.daemon.cli;
