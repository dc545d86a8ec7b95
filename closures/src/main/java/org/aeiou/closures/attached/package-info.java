/**
 * Attaching from Java: a {@link org.aeiou.closures.group.Source} of the values that a daemon in
 * another process has. Layouts and the ends of the rings are {@link org.aeiou.closures.shared}'s;
 * here is what a program calls ({@link org.aeiou.closures.attached.Attachment}), which requests are
 * pending ({@code Submitter}), and the thread that their closures run on ({@code Receiver}).
 */
package org.aeiou.closures.attached;
