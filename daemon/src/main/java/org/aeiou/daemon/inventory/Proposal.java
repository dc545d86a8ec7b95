package org.aeiou.daemon.inventory;

import java.util.List;

/**
 * A part of a configuration that was made of something else.
 *
 * @param yaml for {@code include:}
 * @param systems how many systems are in it
 * @param profiles how many profiles are in it
 * @param leftOut what was not taken over, with file and line, in words
 * @param holdsSecrets whether passwords or communities stand in it
 */
public record Proposal(
    String yaml, int systems, int profiles, List<String> leftOut, boolean holdsSecrets) {}
