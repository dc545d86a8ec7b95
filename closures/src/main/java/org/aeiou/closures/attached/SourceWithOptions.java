package org.aeiou.closures.attached;

import org.aeiou.closures.Burst;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Request;
import org.aeiou.closures.group.Source;

/** An attachment, all of whose requests have the same options. */
record SourceWithOptions(Attachment net, RequestOptions options) implements Source<String, byte[]> {
  @Override
  public Burst begin() {
    return net.begin(options);
  }

  @Override
  public boolean withdraw(Burst burst) {
    return net.withdraw(burst);
  }

  @Override
  public boolean mayWait() {
    return net.mayWait();
  }

  @Override
  public <C> Request submit(String path, Burst burst, Closure<byte[], C> closure, C context) {
    return net.submit(path, burst, closure, context);
  }
}
