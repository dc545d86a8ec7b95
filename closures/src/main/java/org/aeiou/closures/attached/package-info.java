/**
 * Attaching from Java: a {@link org.aeiou.closures.group.Source} of the values that a daemon in
 * another process has. Layouts and the ends of the rings are {@link org.aeiou.closures.shared}'s;
 * here is what a program calls ({@link org.aeiou.closures.attached.Attachment}), which requests are
 * pending ({@code Submitter}), the thread that their closures run on ({@code Receiver}), and those
 * that wait for them ({@code Waits}). What is said of requests besides what they ask for, by when
 * and how urgently, goes with their burst ({@link org.aeiou.closures.attached.RequestOptions}); in
 * the daemon a burst is a group.
 */
package org.aeiou.closures.attached;
