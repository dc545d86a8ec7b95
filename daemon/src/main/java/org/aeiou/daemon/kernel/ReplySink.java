package org.aeiou.daemon.kernel;

/**
 * Where messages to the kernel go: the device a request came from, or a test. Any thread may send.
 */
@FunctionalInterface
interface ReplySink {

  /**
   * Sends one finished message, whole. The buffer is the caller's again afterwards.
   *
   * @return 0, or the error number: ENOENT if the kernel no longer waits for this reply, ENODEV if
   *     the file system is unmounted
   */
  int send(Reply message);
}
