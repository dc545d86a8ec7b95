/**
 * A second back end, for tests: a system is a file of values that other programs may change. Shows
 * that nothing above {@code backend} knows SNMP, and what a back end has to bring.
 */
package org.aeiou.daemon.backend.file;
