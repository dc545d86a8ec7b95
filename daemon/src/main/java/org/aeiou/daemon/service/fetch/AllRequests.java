package org.aeiou.daemon.service.fetch;

import org.aeiou.closures.Request;

/** Several requests as one. */
public record AllRequests(Request[] requests) implements Request {
  @Override
  public void cancel() {
    for (Request request : requests) {
      request.cancel();
    }
  }

  @Override
  public boolean isDone() {
    for (Request request : requests) {
      if (!request.isDone()) {
        return false;
      }
    }
    return true;
  }
}
