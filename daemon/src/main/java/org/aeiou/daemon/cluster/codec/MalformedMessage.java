package org.aeiou.daemon.cluster.codec;

/** Bytes are no message of this program. Without a stack trace: any sender can cause it. */
public final class MalformedMessage extends Exception {
  private static final long serialVersionUID = 1L;

  public MalformedMessage(String what) {
    super(what, null, false, false);
  }
}
