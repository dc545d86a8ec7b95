package org.aeiou.closures.shared;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.aeiou.closures.shared.CompletionRing.Completion;
import org.aeiou.closures.shared.SubmissionRing.BrokenClient;
import org.aeiou.closures.shared.SubmissionRing.Submission;
import org.junit.jupiter.api.Test;

/** What the daemon takes from a client, and leaves for it. */
final class RingsTest {
  /** More with {@code -Daeiou.rings.writes=20000000}. */
  private static final int WRITES = Integer.getInteger("aeiou.rings.writes", 200_000);

  private final Geometry geometry = new Geometry(4, 128, 128, 1024);
  private final Memory submissions = GoldenFile.memory(geometry.submissionBytes());
  private final Memory completions = GoldenFile.memory(geometry.completionBytes());
  private final SubmissionRing asked = new SubmissionRing(submissions, completions, geometry, 1);
  private final CompletionRing told = new CompletionRing(completions, submissions, geometry, 1);

  private static Completion completion(String value) {
    return new Completion(Kind.READING, 0, value.getBytes(UTF_8), 0, 0, 0, 0);
  }

  private String value(int page) {
    int at = geometry.outcome(page);
    byte[] bytes = new byte[completions.getInt(at + CompletionDescriptor.LENGTH)];
    int unit = completions.getInt(at + CompletionDescriptor.UNIT);
    int from =
        unit == 0
            ? at + CompletionDescriptor.VALUE
            : geometry.arenaAt() + (unit - 1) * CompletionDescriptor.UNIT_BYTES;
    completions.getBytes(from, bytes, 0, bytes.length);
    return new String(bytes, UTF_8);
  }

  @Test
  void tailOutsideItsWindowEndsTheClient() {
    for (long tail : new long[] {9, -1, Long.MIN_VALUE, Long.MAX_VALUE}) {
      submissions.set(SubmissionDescriptor.TAIL, tail);
      assertThatThrownBy(asked::waiting)
          .isInstanceOf(BrokenClient.class)
          .hasMessageContaining("of a ring of 8");
    }
  }

  @Test
  void pageThatDoesNotExistEndsTheClient() {
    for (int page : new int[] {4, -1, Integer.MAX_VALUE, Integer.MIN_VALUE}) {
      submissions.setInt(SubmissionDescriptor.RING, page);
      assertThatThrownBy(asked::take)
          .isInstanceOf(BrokenClient.class)
          .hasMessageContaining("page " + Integer.toUnsignedString(page) + " of 4");
    }
  }

  @Test
  void pathThatIsNoneIsNotTaken() throws Exception {
    submissions.setInt(SubmissionDescriptor.RING, 1);
    submissions.setShort(geometry.page(1) + SubmissionDescriptor.PATH_LENGTH, 65);
    assertThat(asked.take()).matches(taken -> taken.path() == null && taken.isPathTooLong());
    submissions.setInt(SubmissionDescriptor.RING + 4, 1);
    submissions.setShort(geometry.page(1) + SubmissionDescriptor.PATH_LENGTH, 1);
    submissions.setBytes(
        geometry.page(1) + SubmissionDescriptor.PATH, new byte[] {(byte) 0xFF}, 0, 1);
    assertThat(asked.take()).matches(taken -> taken.path() == null && !taken.isPathTooLong());
  }

  @Test
  void bellIsRungForTheCompletionThatIsWaitedFor() {
    submissions.set(SubmissionDescriptor.WAKE_AT, 1);
    told.accepted(0);
    assertThat(told.post(0, 1, 1, completion("a"), false)).isFalse();
    told.accepted(1);
    assertThat(told.post(1, 2, 2, completion("b"), false)).isTrue();
    told.accepted(2);
    assertThat(told.post(2, 3, 3, completion("c"), false)).isFalse();
    assertThat(completions.get(CompletionDescriptor.TAIL)).isEqualTo(3);
  }

  @Test
  void watchHasOneCompletionThatWasNotTakenAndItsOutcomeIsTheLatest() {
    told.accepted(0);
    told.post(0, 1, 1, completion("a"), true);
    told.post(0, 1, 1, completion("b"), true);
    assertThat(completions.get(CompletionDescriptor.TAIL)).isEqualTo(1);
    assertThat(value(0)).isEqualTo("b");
    submissions.set(SubmissionDescriptor.COMPLETION_HEAD, 1);
    told.post(0, 1, 1, completion("c"), true);
    assertThat(completions.get(CompletionDescriptor.TAIL)).isEqualTo(2);
  }

  @Test
  void endOfAWatchHasACompletionOfItsOwnBesideOneThatWasNotTaken() {
    for (int page = 0; page < 4; page++) {
      told.accepted(page);
      told.post(page, 1, 1, completion("a"), true);
      assertThat(flags(page)).isEqualTo(CompletionDescriptor.MORE);
      assertThat(outcomeFlags(page)).isEqualTo(CompletionDescriptor.MORE);
    }
    for (int page = 0; page < 4; page++) {
      told.post(page, 1, 1, completion("b"), false);
      assertThat(flags(4 + page)).isEqualTo(0);
      // A client that takes the first one finds what the second one tells, and leaves it for that.
      assertThat(outcomeFlags(page)).isEqualTo(0);
    }
    for (int page = 0; page < 4; page++) {
      assertThat(flags(page)).as("not overwritten").isEqualTo(CompletionDescriptor.MORE);
    }
    assertThat(completions.get(CompletionDescriptor.TAIL)).isEqualTo(8);
  }

  private int flags(int position) {
    return completions.getShort(
        CompletionDescriptor.RING
            + CompletionDescriptor.ENTRY_BYTES * (position & (geometry.entries() - 1))
            + CompletionDescriptor.FLAGS);
  }

  private int outcomeFlags(int page) {
    return completions.getShort(geometry.outcome(page) + CompletionDescriptor.OUTCOME_FLAGS);
  }

  @Test
  void longValuesShareTheArenaAndGiveItBack() {
    Random random = new Random(1);
    for (int i = 0; i < 2000; i++) {
      int page = random.nextInt(4);
      told.accepted(page);
      String longer = Integer.toString(i).repeat(1 + random.nextInt(40));
      if (told.fits(page, longer.length())) {
        told.post(page, i + 1, 1, completion(longer), false);
        assertThat(value(page)).isEqualTo(longer);
      }
    }
    for (int page = 0; page < 4; page++) {
      told.accepted(page);
    }
    assertThat(told.fits(0, 1024)).isTrue();
    assertThat(told.fits(0, 1025)).isFalse();
  }

  @Test
  void roomInTheArenaComesBackWhenTheClientIsDoneWithTheCompletion() {
    for (int page = 0; page < 4; page++) {
      told.accepted(page);
      told.post(page, page + 1, 1, completion("x".repeat(256)), false);
    }
    told.accepted(0);
    told.post(0, 5, 1, completion("short"), false);
    assertThat(told.fits(0, 512)).as("three of four are needed").isFalse();
    submissions.set(SubmissionDescriptor.DONE, 2);
    assertThat(told.fits(0, 512)).isTrue();
    assertThat(told.fits(0, 513)).isFalse();
    assertThat(value(2)).isEqualTo("x".repeat(256));
  }

  @Test
  void whatAClientSaysItIsDoneWithHarmsOnlyItself() {
    Random random = new Random(3);
    long[] lies = {0, -1, 1, 7, Long.MAX_VALUE, Long.MIN_VALUE};
    for (int i = 0; i < 20_000; i++) {
      submissions.set(SubmissionDescriptor.DONE, lies[random.nextInt(lies.length)]);
      int page = random.nextInt(4);
      told.accepted(page);
      String wanted = Integer.toString(i).repeat(1 + random.nextInt(40));
      if (told.fits(page, wanted.length())) {
        told.post(page, i + 1, 1, completion(wanted), random.nextInt(3) == 0);
        assertThat(value(page)).isEqualTo(wanted);
      }
    }
    for (int page = 0; page < 4; page++) {
      told.accepted(page);
    }
    assertThat(told.fits(0, 1024)).as("nothing was lost, nor given out twice").isTrue();
  }

  @Test
  void watchHoldsItsRoomWhileItGoesOnAndGivesItBackWhenItNeedsLess() {
    told.accepted(0);
    told.post(0, 1, 1, completion("x".repeat(1024)), true);
    submissions.set(SubmissionDescriptor.DONE, 1);
    assertThat(told.fits(1, 100)).isFalse();
    told.post(0, 1, 1, completion("short"), true);
    assertThat(told.fits(1, 1024)).isTrue();
    told.post(0, 1, 1, completion("y".repeat(1024)), false);
    assertThat(told.fits(1, 100)).isFalse();
    submissions.set(SubmissionDescriptor.DONE, 3);
    assertThat(told.fits(1, 1024)).isTrue();
  }

  @Test
  void requestWithoutACompletionTakesNoRoomInTheArena() {
    told.accepted(0);
    told.leave(0, 1, completion("x".repeat(1024)));
    assertThat(value(0)).isEmpty();
    assertThat(told.fits(1, 1024)).isTrue();
    told.accepted(1);
    told.leave(1, 2, completion("short"));
    assertThat(value(1)).isEqualTo("short");
  }

  @Test
  void sentenceThatHasNoRoomIsCutBetweenCharacters() {
    told.accepted(0);
    byte[] sentence = ("x".repeat(63) + "é and so on").getBytes(UTF_8);
    told.leave(0, 1, new Completion(Kind.FAILURE, 1, sentence, 0, 0, 0, 0));
    assertThat(value(0)).isEqualTo("x".repeat(63));
  }

  @Test
  void nothingAClientWritesThrowsAnythingElse() {
    Random random = new Random(2);
    byte[] noise = new byte[16];
    int taken = 0;
    for (int i = 0; i < WRITES; i++) {
      random.nextBytes(noise);
      submissions.setBytes(
          random.nextInt(submissions.size() - noise.length), noise, 0, noise.length);
      if (random.nextInt(3) == 0) {
        submissions.set(SubmissionDescriptor.TAIL, taken + random.nextInt(6) - 1L);
        submissions.setInt(SubmissionDescriptor.RING + 4 * (taken & 7), random.nextInt(6) - 1);
      }
      try {
        if (asked.waiting() > 0) {
          Submission submission = asked.take();
          taken++;
          assertThat(submission.page()).isBetween(0, 3);
          told.accepted(submission.page());
          told.post(submission.page(), submission.number(), 1, completion("value"), false);
        }
      } catch (BrokenClient e) {
        assertThat(e).hasMessageMatching("its submission tail.*|it submits page.*");
      }
    }
    assertThat(taken).isGreaterThan(1000);
  }

  @Test
  void roomThatNoClientMayHaveIsRefusedInWords() {
    assertThat(new Geometry(4, 128, 128, 1024).problem(10, 4096)).isNull();
    assertThat(new Geometry(0, 128, 128, 0).problem(10, 0)).contains("pages: 0");
    assertThat(new Geometry(11, 128, 128, 0).problem(10, 0)).contains("from 1 to 10");
    assertThat(new Geometry(1, 100, 128, 0).problem(10, 0)).contains("bytes of a page: 100");
    assertThat(new Geometry(1, 128, 1 << 20, 0).problem(10, 0)).contains("of an outcome");
    assertThat(new Geometry(1, 128, 128, 65).problem(10, 128)).contains("arena: 65");
    assertThat(new Geometry(1 << 20, 65536, 128, 0).problem(1 << 20, 0)).contains("more than");
    assertThat(new Geometry(-1, -1, -1, -1).problem(10, 10)).isNotNull();
  }
}
