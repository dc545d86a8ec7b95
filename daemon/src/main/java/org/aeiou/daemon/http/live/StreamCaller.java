package org.aeiou.daemon.http.live;

/**
 * One request of a browser, for as long as it is not answered. The stream thread answers it, with
 * exactly one of these.
 */
interface StreamCaller {

  /** Whose it is: a user, or an address. */
  String owner();

  /** Answers with a stream. */
  Outlet accept();

  /** Answers that it is done. */
  void done();

  /**
   * Refuses.
   *
   * @param status as of HTTP
   * @param why a sentence that names what is wrong
   */
  void refuse(int status, String why);
}
