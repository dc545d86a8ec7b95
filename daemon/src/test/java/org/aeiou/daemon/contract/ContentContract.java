package org.aeiou.daemon.contract;

import static org.aeiou.daemon.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.aeiou.daemon.testing.Programs.Running;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What programs read, whichever way they read. */
interface ContentContract extends Mounted {
  String THREE_LINES = "one\ntwo is down\nthree\n";

  /** Ways to print a whole file. */
  List<String> WAYS =
      List.of(
          "cat FILE",
          "tail -n 10 FILE",
          "tail -c 100 FILE",
          "tail -c +1 FILE",
          "head -n 10 FILE",
          "head -c 1000 FILE",
          "dd status=none bs=1 if=FILE",
          "dd status=none bs=7 if=FILE",
          "dd status=none bs=1M if=FILE",
          "cp FILE /dev/stdout",
          "grep ^ FILE",
          "python3 -c print(open(__import__('sys').argv[1]).read(),end='') FILE");

  private String[] command(String way, String path) {
    return Splitter.on(' ')
        .splitToStream(way)
        .map(word -> word.replace("FILE", path(path)))
        .toArray(String[]::new);
  }

  @ParameterizedTest
  @FieldSource("org.aeiou.daemon.contract.ContentContract#WAYS")
  default void everyWayOfReadingShowsAReadingThatIsThere(String way) throws Exception {
    files().file("/core1/state", THREE_LINES);
    mounts().mount();

    assertThat(programs().run(command(way, "/core1/state")).good()).isEqualTo(THREE_LINES);
  }

  @ParameterizedTest
  @FieldSource("org.aeiou.daemon.contract.ContentContract#WAYS")
  default void everyWayOfReadingWaitsForAReadingThatIsNot(String way) throws Exception {
    files().coldFile("/core1/state");
    mounts().mount();

    Running program = programs().start(command(way, "/core1/state"));
    files().awaitPending("/core1/state", 1);
    files().file("/core1/state", THREE_LINES);

    assertThat(program.await().good()).isEqualTo(THREE_LINES);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 5, 4095, 4096, 4097, 8192, 65536, 200_001})
  default void aValueOfAnyLengthIsWholeAndCounted(int length) throws Exception {
    byte[] value = new byte[length];
    new Random(length).nextBytes(value);
    files().file("/core1/hot", value);
    files().coldFile("/core1/cold");
    mounts().mount();

    Running cat = programs().start("cat", path("/core1/cold"));
    files().awaitPending("/core1/cold", 1);
    files().file("/core1/cold", value);

    assertThat(cat.await().bytes()).isEqualTo(value);
    assertThat(programs().run("cat", path("/core1/hot")).bytes()).isEqualTo(value);
    assertThat(programs().run("wc", "-c", path("/core1/hot")).good()).startsWith(length + " ");
  }

  @Test
  default void aColdValueIsCountedAsLongAsItTurnsOutToBe() throws Exception {
    files().coldFile("/core1/state");
    mounts().mount();

    Running wc = programs().start("wc", "-c", path("/core1/state"));
    files().awaitPending("/core1/state", 1);
    files().file("/core1/state", "12345\n");

    assertThat(wc.await().good()).startsWith("6 ");
  }

  @Test
  default void anEmptyValueThatWasColdIsEmpty() throws Exception {
    files().coldFile("/core1/state");
    mounts().mount();

    Running cat = programs().start("cat", path("/core1/state"));
    files().awaitPending("/core1/state", 1);
    files().file("/core1/state", "");

    assertThat(cat.await().good()).isEmpty();
  }

  @Test
  default void aBinaryValueIsNotChangedOnTheWay() throws Exception {
    byte[] value = new byte[256];
    for (int i = 0; i < value.length; i++) {
      value[i] = (byte) i;
    }
    files().file("/core1/state", value);
    mounts().mount();

    assertThat(programs().run("cat", path("/core1/state")).bytes()).isEqualTo(value);
    assertThat(programs().run("cp", path("/core1/state"), "/dev/stdout").bytes()).isEqualTo(value);
  }

  @Test
  default void eachOpeningSeesTheValueOfItsTime() throws Exception {
    mounts().files().file("/core1/state", "up\n");
    mounts().mount();

    for (String value : List.of("up\n", "lowerLayerDown\n", "x\n", "", "a".repeat(9000), "up\n")) {
      files().file("/core1/state", value);
      assertThat(programs().run("cat", path("/core1/state")).good()).isEqualTo(value);
      assertThat(programs().run("wc", "-c", path("/core1/state")).good())
          .startsWith(value.length() + " ");
    }
  }

  @Test
  default void oneReaderNeverSeesHalfOfTwoReadings() throws Exception {
    files().file("/core1/state", "aaaaaaaaaa\n");
    mounts().mount();

    Running reader =
        programs()
            .python(
                """
                import os, sys
                file = os.open(sys.argv[1], os.O_RDONLY)
                print(os.read(file, 3).decode(), flush=True)
                sys.stdin.readline()
                print(os.read(file, 100).decode(), end='')
                """,
                path("/core1/state"));
    eventually("the first part is read", () -> reader.said().equals("aaa\n"));
    files().file("/core1/state", "bbbbbbbbbb\n");
    reader.say("go on");

    assertThat(reader.await().good()).isEqualTo("aaa\naaaaaaa\n");
  }

  @Test
  default void aFileCanBeReadAtAnyPlace() throws Exception {
    files().file("/core1/state", "0123456789");
    mounts().mount();

    assertThat(
            python(
                """
                import os, sys
                file = os.open(sys.argv[1], os.O_RDONLY)
                for length, place in (3, 0), (3, 8), (3, 10), (3, 5000), (100, 4), (0, 0):
                    print(os.pread(file, length, place).decode())
                """,
                path("/core1/state")))
        .isEqualTo("012\n89\n\n\n456789\n\n");
  }

  @Test
  default void parallelReadersEachGetTheirOwnAnswer() throws Exception {
    List<Integer> numbers = new ArrayList<>();
    List<Running> cats = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      files().coldFile("/core" + i + "/state");
      numbers.add(i);
    }
    mounts().mount();
    for (int number : numbers) {
      cats.add(programs().start("cat", path("/core" + number + "/state")));
    }
    for (int number : numbers) {
      files().awaitPending("/core" + number + "/state", 1);
    }
    Collections.reverse(numbers);
    for (int number : numbers) {
      files().file("/core" + number + "/state", "state of " + number);
    }

    for (int i = 0; i < cats.size(); i++) {
      assertThat(cats.get(i).await().good()).isEqualTo("state of " + i);
    }
  }

  @Test
  default void manyReadersOfOneFileAllGetTheAnswer() throws Exception {
    files().coldFile("/core1/state");
    mounts().mount();

    List<Running> cats = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      cats.add(programs().start("cat", path("/core1/state")));
    }
    files().awaitPending("/core1/state", 1);
    files().file("/core1/state", THREE_LINES);

    for (Running cat : cats) {
      assertThat(cat.await().good()).isEqualTo(THREE_LINES);
    }
  }

  @Test
  default void aDeadFileDoesNotHoldUpOthers() throws Exception {
    files().file("/core1/hot", "hot");
    files().coldFile("/core1/cold");
    List<Running> stuck = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      files().coldFile("/core1/dead" + i);
    }
    mounts().mount();
    for (int i = 0; i < 25; i++) {
      stuck.add(programs().start("cat", path("/core1/dead" + i)));
    }
    for (int i = 0; i < 25; i++) {
      files().awaitPending("/core1/dead" + i, 1);
    }

    assertThat(programs().run("cat", path("/core1/hot")).good()).isEqualTo("hot");
    assertThat(programs().run("ls", path("/core1")).good()).contains("dead7");
    Running cold = programs().start("cat", path("/core1/cold"));
    files().awaitPending("/core1/cold", 1);
    files().file("/core1/cold", "not cold any more");
    assertThat(cold.await().good()).isEqualTo("not cold any more");
    assertThat(stuck).allMatch(Running::isAlive);
  }
}
