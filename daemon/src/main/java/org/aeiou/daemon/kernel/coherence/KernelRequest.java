package org.aeiou.daemon.kernel.coherence;

/**
 * What cache coherence goes by of one request of the kernel. It belongs to the thread that handles
 * the request.
 */
public abstract class KernelRequest {
  /** The kernel's number for the thread that asks. */
  public int thread;

  /** Whether the reply describes all that is in {@link #inode}, a directory (READDIRPLUS). */
  public boolean listsAttributes;

  /** Null for requests that are about no node. */
  public Inode inode;

  /** The file that this thread's last request read; 0 if there is none. */
  long reading;

  /** How often the file or directory had changed before it was read; see {@link ChangeCounts}. */
  int changesBefore;

  /** What the request is served from, once that is decided. */
  CachedContent content;

  /** The bytes that a request is to be served from, after {@link Coherence.Decision#SERVE}. */
  public byte[] served() {
    return content.content.bytes();
  }

  /** Makes it ready for another request. */
  protected void forgetInode() {
    inode = null;
    content = null;
  }
}
