/**
 * The folder for what is kept from one run of the daemon to the next: small texts, each written
 * whole or not at all. Knows nothing of what is in them.
 */
package org.aeiou.daemon.state;
