/**
 * What commands have in common: how they fail, what they exit with, how they read a configuration,
 * a catalogue, and the tree without a mount.
 *
 * <pre>
 * cli ─▶ ConfigurationFile ─▶ config     CommandFailure, ExitCode: how it ends
 *     ─▶ Catalogues ────────▶ catalogue  PathReader: the tree without a mount
 * </pre>
 */
package org.aeiou.daemon.cli.command;
