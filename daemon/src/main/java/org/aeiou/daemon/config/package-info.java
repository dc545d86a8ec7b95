/**
 * What the operator wants: a YAML file, checked as a whole before anything starts.
 *
 * <p>In comes a file; out comes a {@link org.aeiou.daemon.config.Configuration}, or a {@link
 * org.aeiou.daemon.config.ConfigurationException} with everything that is wrong, each with its
 * line.
 */
package org.aeiou.daemon.config;
