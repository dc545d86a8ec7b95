package org.aeiou.closures.shared;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.aeiou.closures.shared.CompletionRing.Completion;
import org.junit.jupiter.api.Test;

/** The layouts, byte for byte: the clients in Python and C are tested with the same files. */
final class GoldenBytesTest {
  private static final long EPOCH = 0x1122334455667788L;
  private static final long NANOS = 1_000_000_000L;

  @Test
  void completionsAreAsDrawn() throws Exception {
    Geometry geometry = new Geometry(4, 256, 128, 4096);
    Memory submissions = GoldenFile.memory(geometry.submissionBytes());
    Memory completions = GoldenFile.memory(geometry.completionBytes());
    CompletionRing ring = new CompletionRing(completions, submissions, geometry, EPOCH);
    SubmissionRing asked = new SubmissionRing(submissions, completions, geometry, EPOCH);
    submissions.setInt(SubmissionDescriptor.RING, 2);
    submissions.set(SubmissionDescriptor.TAIL, 1);
    asked.take();
    asked.taken();
    asked.asleep(true);
    ring.accepted(2);
    ring.post(2, 77, 0xC00C1EL, completion("core1"), false);
    ring.accepted(0);
    ring.post(0, 78, 5, completion("x".repeat(100)), true);
    ring.accepted(1);
    byte[] sentence = "core2 does not answer".getBytes(UTF_8);
    ring.post(1, 79, 6, new Completion(Kind.FAILURE, 1, sentence, 0, 0, 0, 0), false);
    ring.count(3, 1);

    assertThat(GoldenFile.text(completions))
        .isEqualTo(GoldenFile.read("completions.txt", completions));
  }

  private static Completion completion(String value) {
    return new Completion(
        Kind.READING,
        0,
        value.getBytes(UTF_8),
        1_700_000_001_234L,
        1_600_000_001_234L,
        5 * NANOS,
        10 * NANOS);
  }

  @Test
  void statIsAsDrawn() throws Exception {
    Stat stat = new Stat(0100444, 1, 2, 1L << 33, 1_700_000_001_234L, 1_600_000_001_234L, 3);
    Memory memory = GoldenFile.memory(StatDescriptor.BYTES);
    memory.setBytes(0, stat.value(), 0, StatDescriptor.BYTES);

    assertThat(GoldenFile.text(memory)).isEqualTo(GoldenFile.read("stat.txt", memory));
    assertThat(Stat.of(stat.value())).isEqualTo(stat);
  }

  @Test
  void groupIsAsDrawn() throws Exception {
    byte[] value = GroupValuesTest.table().value();
    Memory memory = GoldenFile.memory((value.length + 15) / 16 * 16);
    memory.setBytes(0, value, 0, value.length);

    assertThat(GoldenFile.text(memory)).isEqualTo(GoldenFile.read("group.txt", memory));
  }

  @Test
  void submissionIsAsDrawn() throws Exception {
    Geometry geometry = new Geometry(4, 256, 128, 0);
    Memory submissions = GoldenFile.memory(geometry.submissionBytes());
    SubmissionRing ring =
        new SubmissionRing(
            submissions, GoldenFile.memory(geometry.completionBytes()), geometry, EPOCH);
    int at = geometry.page(3);
    byte[] path = "core1/system/sysName".getBytes(UTF_8);
    submissions.setInt(at + SubmissionDescriptor.OPERATION, Operation.READ);
    submissions.setInt(at + SubmissionDescriptor.FLAGS, Operation.FORCE_MISS);
    submissions.set(at + SubmissionDescriptor.COOKIE, 4);
    submissions.set(at + SubmissionDescriptor.NUMBER, 1);
    submissions.set(at + SubmissionDescriptor.GROUP, 9);
    submissions.setShort(at + SubmissionDescriptor.PATH_LENGTH, path.length);
    submissions.setBytes(at + SubmissionDescriptor.PATH, path, 0, path.length);
    submissions.set(SubmissionDescriptor.COMPLETION_HEAD, 5);
    submissions.set(SubmissionDescriptor.WAKE_AT, 6);
    submissions.set(SubmissionDescriptor.DONE, 4);
    submissions.setInt(SubmissionDescriptor.RING, 3);
    submissions.setRelease(SubmissionDescriptor.TAIL, 1);

    assertThat(ring.waiting()).isEqualTo(1);
    assertThat(ring.take())
        .isEqualTo(
            new SubmissionRing.Submission(
                3,
                Operation.READ,
                Operation.FORCE_MISS,
                4,
                1,
                0,
                9,
                0,
                "core1/system/sysName",
                false));
    assertThat(GoldenFile.text(submissions))
        .isEqualTo(GoldenFile.read("submissions.txt", submissions));
  }
}
