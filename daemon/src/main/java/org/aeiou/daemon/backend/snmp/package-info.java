/**
 * The SNMP back end, on SNMP4J: an exchange is one PDU and its response.
 *
 * <p>In come {@link org.aeiou.daemon.backend.Question questions}; out go answers, on SNMP4J's
 * threads, which only hand over.
 */
package org.aeiou.daemon.backend.snmp;
