/**
 * Where lines of the log go: to the standard error for a person, or to systemd's journal, with the
 * fields of the event that a line is.
 */
package org.aeiou.daemon.logging;
