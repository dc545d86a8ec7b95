/**
 * The one place that answers for attributes: from the cache, inside the call, or through the
 * completion scheduler.
 *
 * <p>In come requests of the channels ({@link org.aeiou.daemon.service.FileSystem}); out go
 * closures.
 */
package org.aeiou.daemon.service;
