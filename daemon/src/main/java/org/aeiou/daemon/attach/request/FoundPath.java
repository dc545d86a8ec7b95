package org.aeiou.daemon.attach.request;

import org.aeiou.daemon.tree.Node;

/**
 * What a path names.
 *
 * @param published where the value table's readers look for it; null if it was found in another
 *     view than theirs
 * @param generation that of names when the path was looked for
 * @param delayed whether it was found after {@link PathCache#find} returned
 */
record FoundPath(Node node, String published, long generation, boolean delayed) {}
