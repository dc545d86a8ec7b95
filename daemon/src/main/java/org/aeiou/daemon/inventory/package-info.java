/**
 * Systems that other programs list, as a part of a configuration: reads their files, and proposes
 * what is found on a network. Nothing here changes a configuration; what is written is for {@code
 * include:}.
 *
 * <pre>
 * csv, hosts, file_sd, ─▶ InventoryFormat ─▶ Inventory ─▶ InventoryWriter ─▶ YAML
 * snmp_exporter, …         (what each is: one class)       (names, checks)
 * subnets ─▶ Discovery ─▶ backend: asks each address for its name ─▶ Inventory
 * </pre>
 */
package org.aeiou.daemon.inventory;
