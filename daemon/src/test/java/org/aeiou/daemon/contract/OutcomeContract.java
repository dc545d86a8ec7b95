package org.aeiou.daemon.contract;

import static org.aeiou.daemon.testing.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.aeiou.closures.Failure.Reason;
import org.aeiou.daemon.testing.Programs.Running;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How requests end that do not end in a reading. */
interface OutcomeContract extends Mounted {

  /** What a program sees of each failure. */
  Map<Reason, String> ERRORS =
      Map.of(
          Reason.TIMEOUT, "ETIMEDOUT",
          Reason.UNREACHABLE, "EHOSTUNREACH",
          Reason.REFUSED, "EACCES",
          Reason.BAD_ANSWER, "EPROTO",
          Reason.NOT_CACHED, "EAGAIN",
          Reason.OVERLOADED, "EAGAIN",
          Reason.UNKNOWN_NAME, "ENOENT",
          Reason.STOPPED, "ENOTCONN",
          Reason.NOT_WRITABLE, "EROFS");

  @Test
  default void everyFailureHasItsErrorNumber() throws Exception {
    files().absent("/core1/absent");
    ERRORS.keySet().forEach(reason -> files().failing("/core1/" + reason, reason));
    mounts().mount();

    assertThat(readErrors(path("/core1/absent"))).containsExactly("ENODATA");
    List<Reason> reasons = List.copyOf(ERRORS.keySet());
    assertThat(
            readErrors(
                reasons.stream().map(reason -> path("/core1/" + reason)).toArray(String[]::new)))
        .containsExactlyElementsOf(reasons.stream().map(ERRORS::get).toList());
  }

  @Test
  default void aFailureThatComesLateIsTheSameFailure() throws Exception {
    files().coldFile("/core1/state");
    mounts().mount();

    Running cat = programs().start("cat", path("/core1/state"));
    files().awaitPending("/core1/state", 1);
    files().failing("/core1/state", Reason.TIMEOUT);

    assertThat(cat.await().status()).isEqualTo(1);
    assertThat(cat.await().errors()).contains("Connection timed out");
  }

  @Test
  default void aFailureIsNotRemembered() throws Exception {
    files().failing("/core1/state", Reason.TIMEOUT);
    mounts().mount();

    assertThat(readErrors(path("/core1/state"))).containsExactly("ETIMEDOUT");
    files().file("/core1/state", "x");
    assertThat(readErrors(path("/core1/state"))).containsExactly("ok");
  }

  @Test
  default void nothingCanBeWritten() throws Exception {
    files().file("/core1/state", "up\n");
    mounts().mount();

    assertThat(
            python(
                    """
                import errno, os, sys
                root = sys.argv[1]
                state, new = root + '/core1/state', root + '/core1/new'
                for change in (
                    lambda: open(state, 'r+'),
                    lambda: open(state, 'w'),
                    lambda: open(state, 'a'),
                    lambda: open(new, 'w'),
                    lambda: os.truncate(state, 0),
                    lambda: os.unlink(state),
                    lambda: os.rename(state, new),
                    lambda: os.link(state, new),
                    lambda: os.symlink(state, new),
                    lambda: os.mkdir(new),
                    lambda: os.rmdir(root + '/core1'),
                    lambda: os.mkfifo(new),
                    lambda: os.chmod(state, 0o777),
                    lambda: os.chown(state, 1, 1),
                    lambda: os.utime(state),
                    lambda: os.setxattr(state, 'user.aeiou.oid', b'x'),
                    lambda: os.removexattr(state, 'user.aeiou.oid'),
                ):
                    try:
                        change()
                        print('done')
                    except OSError as error:
                        print(errno.errorcode[error.errno])
                """,
                    path(""))
                .lines())
        .hasSize(17)
        .containsOnly("EROFS");
    assertThat(programs().run("cat", path("/core1/state")).good()).isEqualTo("up\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM", "KILL"})
  default void aSignalEndsAWaitAtOnceAndWithdrawsTheRequest(String signal) throws Exception {
    files().coldFile("/core1/state");
    files().file("/core2/state", "up\n");
    mounts().mount();

    Running cat = programs().start("cat", path("/core1/state"));
    files().awaitPending("/core1/state", 1);
    cat.signal(signal);

    assertThat(cat.await().status()).isGreaterThan(128);
    eventually("the request is withdrawn", () -> files().cancelled("/core1/state") == 1);
    assertThat(programs().run("cat", path("/core2/state")).good()).isEqualTo("up\n");
    files().file("/core1/state", "alive");
    assertThat(programs().run("cat", path("/core1/state")).good()).isEqualTo("alive");
  }

  @Test
  default void aSignalEndsTheWaitForASlowDirectory() throws Exception {
    files().slowDirectory("/core1/interfaces");
    mounts().mount();

    Running ls = programs().start("ls", path("/core1/interfaces"));
    files().awaitPending("/core1/interfaces", 1);
    ls.signal("INT");

    assertThat(ls.await().status()).isGreaterThan(128);
    files().release("/core1/interfaces");
    assertThat(programs().run("ls", path("/core1/interfaces")).good()).isEmpty();
  }

  @Test
  default void oneReaderThatGivesUpDoesNotTakeTheAnswerFromAnother() throws Exception {
    files().coldFile("/core1/state");
    mounts().mount();

    Running first = programs().start("cat", path("/core1/state"));
    files().awaitPending("/core1/state", 1);
    Running second = programs().start("cat", path("/core1/state"));
    eventually("the second waits", () -> files().reads("/core1/state") >= 1 && second.isAlive());
    first.signal("INT");
    assertThat(first.await().status()).isGreaterThan(128);
    files().file("/core1/state", "up\n");

    assertThat(second.await().good()).isEqualTo("up\n");
  }
}
