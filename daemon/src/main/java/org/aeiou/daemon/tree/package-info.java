/**
 * The names of the network: which nodes there are, what each stands for, and what must be known of
 * a system to list them.
 *
 * <p>Nothing here sends a request. A {@link org.aeiou.daemon.tree.Directory} says which questions
 * it needs answered, and given the answers, what is in it; an {@link
 * org.aeiou.daemon.tree.AttributeFile} says which question reads it. The asking is the service's.
 */
package org.aeiou.daemon.tree;
