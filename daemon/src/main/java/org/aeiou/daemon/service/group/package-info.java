/**
 * Many attributes as one: a group read of a program ({@link
 * org.aeiou.daemon.service.group.GroupRead}, which answers with a {@link
 * org.aeiou.daemon.service.group.GroupReading}), and the text of a whole group ({@link
 * org.aeiou.daemon.service.group.GroupText}).
 */
package org.aeiou.daemon.service.group;
