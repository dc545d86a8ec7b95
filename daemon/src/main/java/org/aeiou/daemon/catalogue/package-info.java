/**
 * What attributes there are: groups and tables, their object identifiers, and how their values
 * read. All of it is data ({@code catalogue/*.yaml} in the resources, and the user's own files);
 * nothing here is about one MIB.
 */
package org.aeiou.daemon.catalogue;
