package org.aeiou.closures;

/** The request that ended inside the submitting call. */
final class Immediate implements Request {
  @Override
  public void cancel() {}

  @Override
  public boolean isDone() {
    return true;
  }
}
