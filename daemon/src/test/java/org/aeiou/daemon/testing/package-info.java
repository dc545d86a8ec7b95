/**
 * What tests of all rooms stand on: what the machine must have, and programs that do not outlive a
 * test.
 */
package org.aeiou.daemon.testing;
