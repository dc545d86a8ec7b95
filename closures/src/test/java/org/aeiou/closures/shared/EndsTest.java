package org.aeiou.closures.shared;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.aeiou.closures.shared.CompletionRing.Completion;
import org.junit.jupiter.api.Test;

/** What one end of a ring writes the other one reads. */
final class EndsTest {
  private final Geometry geometry = new Geometry(4, 128, 128, 1024);
  private final Memory submissions = GoldenFile.memory(geometry.submissionBytes());
  private final Memory completions = GoldenFile.memory(geometry.completionBytes());
  private final SubmissionRing asked = new SubmissionRing(submissions, completions, geometry, 1);
  private final CompletionRing told = new CompletionRing(completions, submissions, geometry, 1);
  private final SubmissionWriter asking = new SubmissionWriter(submissions, completions, geometry);
  private final CompletionReader hearing = new CompletionReader(completions, submissions, geometry);

  private static Completion completion(String value) {
    return new Completion(Kind.READING, 0, value.getBytes(UTF_8), 1, 2, 3, 4);
  }

  private static void assertIs(CompletionReader.Copy copy, String value) {
    assertThat(copy.completion()).usingRecursiveComparison().isEqualTo(completion(value));
  }

  @Test
  void daemonTakesWhatWasWrittenOnceItIsPublished() throws Exception {
    asking.write(2, Operation.READ, Operation.FORCE_MISS, "core1".getBytes(UTF_8), 7, 5, 6, 4);
    asking.enter(2);
    assertThat(asked.waiting()).isZero();
    asking.publish();
    assertThat(asked.waiting()).isEqualTo(1);
    assertThat(asked.take())
        .isEqualTo(
            new SubmissionRing.Submission(
                2, Operation.READ, Operation.FORCE_MISS, 3, 7, 5, 6, 4, "core1", false));
  }

  @Test
  void onlyADaemonThatSleepsWantsAByte() {
    assertThat(asking.publish()).isFalse();
    asked.asleep(true);
    assertThat(asking.publish()).isTrue();
  }

  @Test
  void clientTakesOutcomesInTheirOrderWhereverTheirValuesAre() {
    String longer = "x".repeat(300);
    told.accepted(1);
    told.accepted(3);
    told.post(1, 1, 2, completion("short"), false);
    told.post(3, 2, 4, completion(longer), false);
    assertThat(hearing.waiting()).isEqualTo(2);
    hearing.take();
    assertThat(hearing.page()).isEqualTo(1);
    assertThat(hearing.goesOn()).isFalse();
    assertIs(hearing.outcome(), "short");
    hearing.take();
    assertThat(hearing.page()).isEqualTo(3);
    assertIs(hearing.outcome(), longer);
    assertThat(hearing.waiting()).isZero();
  }

  @Test
  void clientIsNotAsleepBesideACompletionAndItsBellIsRungForTheNext() {
    told.accepted(0);
    told.post(0, 1, 1, completion("a"), false);
    assertThat(hearing.sleeps()).isFalse();
    hearing.take();
    assertThat(hearing.sleeps()).isTrue();
    told.accepted(1);
    assertThat(told.post(1, 2, 2, completion("b"), false)).isTrue();
  }

  @Test
  void arenaIsTheDaemonsAgainWhenTheClientIsDone() {
    told.accepted(0);
    told.post(0, 1, 1, completion("x".repeat(1024)), false);
    hearing.take();
    assertThat(told.fits(1, 100)).isFalse();
    hearing.done();
    assertThat(told.fits(1, 1024)).isTrue();
  }

  @Test
  void changeOfAWatchThatEndedMeanwhileIsLeftToItsEnd() {
    told.accepted(0);
    told.post(0, 1, 1, completion("change"), true);
    told.post(0, 1, 1, completion("end"), false);
    hearing.take();
    assertThat(hearing.goesOn()).isTrue();
    assertThat(hearing.outcome().goesOn()).isFalse();
    hearing.take();
    assertThat(hearing.goesOn()).isFalse();
    assertIs(hearing.outcome(), "end");
  }

  @Test
  void outcomeThatIsNeverWholeIsNone() {
    told.accepted(0);
    told.post(0, 1, 1, completion("a"), false);
    completions.set(geometry.outcome(0) + CompletionDescriptor.NUMBER, 0);
    hearing.take();
    assertThat(hearing.outcome()).isNull();
  }

  @Test
  void requestWithoutACompletionIsSeenToEnd() {
    told.accepted(0);
    assertThat(hearing.has(0, 9)).isFalse();
    told.leave(0, 9, completion("a"));
    assertThat(hearing.has(0, 9)).isTrue();
    assertThat(hearing.waiting()).isZero();
  }

  @Test
  void pageThatDoesNotExistIsNone() {
    told.accepted(0);
    told.post(0, 1, 1, completion("a"), false);
    completions.setInt(CompletionDescriptor.RING, 4);
    hearing.take();
    assertThat(hearing.page()).isEqualTo(-1);
  }

  @Test
  void helloAsksForTheRoomThatIsWanted() {
    ByteBuffer hello = ByteBuffer.allocate(HelloDescriptor.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    HelloWriter.write(hello, geometry);
    assertThat(hello.getLong(0)).isEqualTo(HelloDescriptor.MAGIC);
    assertThat(hello.getLong(HelloDescriptor.VERSION)).isEqualTo(FileDescriptor.VERSION);
    assertThat(hello.getInt(HelloDescriptor.PAGES)).isEqualTo(4);
    assertThat(hello.getInt(HelloDescriptor.ARENA_BYTES)).isEqualTo(1024);
  }

  @Test
  void sentenceOfAWelcomeEndsWithTheWelcome() {
    ByteBuffer bytes = ByteBuffer.allocate(WelcomeDescriptor.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    WelcomeReader welcome = new WelcomeReader(bytes);
    assertThat(welcome.isWelcome()).isFalse();
    bytes.putLong(0, WelcomeDescriptor.MAGIC);
    assertThat(welcome.isWelcome()).isTrue();
    assertThat(welcome.isKnown()).isFalse();
    bytes.putLong(WelcomeDescriptor.VERSION, FileDescriptor.VERSION);
    bytes.putInt(WelcomeDescriptor.ERROR, 22);
    bytes.putInt(WelcomeDescriptor.SENTENCE_LENGTH, Integer.MAX_VALUE);
    assertThat(welcome.isKnown()).isTrue();
    assertThat(welcome.isGranted()).isFalse();
    assertThat(welcome.sentence()).hasSize(WelcomeDescriptor.BYTES - WelcomeDescriptor.SENTENCE);
  }
}
