package org.aeiou.daemon.attach.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.aeiou.closures.shared.CompletionDescriptor;
import org.aeiou.closures.shared.CompletionRing.Completion;
import org.aeiou.closures.shared.Geometry;
import org.aeiou.closures.shared.Kind;
import org.aeiou.closures.shared.Memory;
import org.junit.jupiter.api.Test;

/** Which changes a watch is told of. */
final class ClientWatchTest {
  private static final Geometry GEOMETRY = new Geometry(4, 128, 128, 128);

  private final Memory completions =
      new Memory(ByteBuffer.allocateDirect(GEOMETRY.completionBytes()));
  private final Client client = Clients.of(GEOMETRY, completions);

  private static Completion value(String text) {
    return new Completion(Kind.READING, 0, text.getBytes(UTF_8), 0, 0, 0, 0);
  }

  private ClientWatch watch(int page) throws Exception {
    return new ClientWatch(client.accept(Clients.submission(page, page + 1, 0)), List.of());
  }

  private long told() {
    return completions.getAcquire(CompletionDescriptor.TAIL);
  }

  private int length(int page) {
    return completions.getInt(GEOMETRY.outcome(page) + CompletionDescriptor.LENGTH);
  }

  private int kind(int page) {
    return completions.getShort(GEOMETRY.outcome(page) + CompletionDescriptor.KIND);
  }

  @Test
  void olderChangeThatComesLateIsNotTold() throws Exception {
    ClientWatch watch = watch(0);

    watch.tell(value("second"), 200);
    watch.tell(value("first"), 100);

    assertThat(told()).isEqualTo(1);
    assertThat(length(0)).isEqualTo(6);
    watch.tell(value("second"), 300);
    assertThat(told()).as("the same").isEqualTo(1);
  }

  @Test
  void changeThatHadNoRoomIsToldWhenItHas() throws Exception {
    ClientRequest other = client.accept(Clients.submission(0, 1, 0));
    ClientWatch watch = watch(1);
    other.end(value("x".repeat(128)));
    Completion change = value("y".repeat(128));

    watch.tell(change, 1);
    assertThat(kind(1)).isEqualTo(Kind.FAILURE);
    // The other value is needed no longer: its page is used again.
    client.accept(Clients.submission(0, 3, 0));
    watch.tell(change, 2);
    assertThat(kind(1)).isEqualTo(Kind.READING);
    assertThat(length(1)).isEqualTo(128);
  }

  @Test
  void watchThatHasEndedIsToldNoMore() throws Exception {
    ClientWatch watch = watch(0);

    watch.request.end(value("end"));
    watch.tell(value("change"), 1);

    assertThat(told()).isEqualTo(1);
    assertThat(length(0)).isEqualTo(3);
  }
}
