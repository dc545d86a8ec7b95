package org.aeiou.daemon.backend.snmp.trap;

import java.util.function.Supplier;
import org.aeiou.daemon.backend.Secret;
import org.aeiou.daemon.backend.snmp.message.UsmUser;

/**
 * A system that may send traps.
 *
 * @param system its name
 * @param host a host name or an address
 * @param community that it is asked with; null for v3
 * @param user that it is asked as; null for v1 and v2c
 * @param engineId the id of its engine, null while it is not known
 */
public record Sender(
    String system, String host, Secret community, UsmUser user, Supplier<byte[]> engineId) {}
