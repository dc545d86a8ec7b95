package org.aeiou.daemon.attach.request;

import org.aeiou.daemon.service.write.Author;

/**
 * The program at the other end.
 *
 * @param uid its user
 * @param pid its process; -1 if the kernel does not say
 * @param mayWrite whether its user may write what can be written
 */
public record Peer(int uid, int pid, boolean mayWrite) {
  Author author() {
    return new Author(uid, Math.max(0, pid));
  }
}
