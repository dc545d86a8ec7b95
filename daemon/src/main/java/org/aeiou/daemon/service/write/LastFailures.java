package org.aeiou.daemon.service.write;

import com.google.common.base.Ticker;
import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import java.time.Duration;
import java.util.List;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.daemon.tree.Node;

/**
 * Why the last write of a file failed, for people that ask: an error number is short. It is
 * forgotten when the file is written, after an hour, and when there are too many. Any thread may
 * call any method.
 */
public final class LastFailures {
  private static final int MOST = 10_000;
  private static final Duration LIFETIME = Duration.ofHours(1);

  private final Cache<Node, String> messages;

  public LastFailures(Ticker ticker) {
    messages =
        CacheBuilder.newBuilder()
            .maximumSize(MOST)
            .expireAfterWrite(LIFETIME)
            .ticker(ticker)
            .build();
  }

  /** Takes note of what a write ended in. */
  public void ended(List<Assignment> assignments, Outcome<Written> outcome) {
    for (Assignment assignment : assignments) {
      if (outcome instanceof Failure<Written> failure) {
        failed(assignment.file(), failure.message());
      } else {
        messages.invalidate(assignment.file());
      }
    }
  }

  /** Takes note that a file was not written. */
  public void failed(Node file, String why) {
    messages.put(file, why);
  }

  /** Why the last write failed; null if it did not, or that is forgotten. */
  public String of(Node file) {
    return messages.getIfPresent(file);
  }
}
