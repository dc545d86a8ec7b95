/**
 * The commands of a mount's life: mount, unmount, reload, ask how it is.
 *
 * <pre>
 * MountCommand ───────┬─▶ Serving ─▶ app.MountedDaemon   serves until it is unmounted
 * MountHelperCommand ─┘      ╰─▶ Background              lets go of its caller
 *   OptionList ─▶ MountChoices                           rw,allow_other,uid=ops
 * UmountCommand ──▶ fuse.mount          ReloadCommand ─▶ app.MountedDaemonOrder
 * StatusCommand ──▶ MountState ─▶ fuse.mount             within a deadline, also of what hangs
 * </pre>
 */
package org.aeiou.daemon.cli.mounting;
