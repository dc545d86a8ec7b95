/**
 * The command line: {@link org.aeiou.daemon.cli.Main} starts a command, and each command is a
 * class. Arguments, messages and exit codes live here; what a command runs is in {@code app}.
 */
package org.aeiou.daemon.cli;
