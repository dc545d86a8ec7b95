/**
 * The names of the network: which nodes there are, what each stands for, and what must be known to
 * list them.
 */
package org.aeiou.daemon.tree;
