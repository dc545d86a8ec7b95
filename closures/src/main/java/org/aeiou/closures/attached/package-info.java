/**
 * Programs in Java that attach to a daemon in another process: {@link
 * org.aeiou.closures.attached.Attachment} is a {@link org.aeiou.closures.group.Source}, so that
 * whatever works with a group works with it.
 */
package org.aeiou.closures.attached;
