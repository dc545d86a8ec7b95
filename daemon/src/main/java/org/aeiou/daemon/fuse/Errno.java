package org.aeiou.daemon.fuse;

import org.aeiou.closures.Absent;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Reading;

/**
 * What an outcome is called in the language of system calls: the error numbers of this machine, and
 * which of them each outcome becomes. Both channels answer with these.
 *
 * <p>Numbers are positive. The FUSE protocol wants them negated.
 */
public final class Errno {
  public static final int EPERM = jnr.constants.platform.Errno.EPERM.intValue();
  public static final int ENOENT = jnr.constants.platform.Errno.ENOENT.intValue();
  public static final int EINTR = jnr.constants.platform.Errno.EINTR.intValue();
  public static final int EIO = jnr.constants.platform.Errno.EIO.intValue();
  public static final int ENXIO = jnr.constants.platform.Errno.ENXIO.intValue();
  public static final int EAGAIN = jnr.constants.platform.Errno.EAGAIN.intValue();
  public static final int EACCES = jnr.constants.platform.Errno.EACCES.intValue();
  public static final int EBUSY = jnr.constants.platform.Errno.EBUSY.intValue();
  public static final int ENODEV = jnr.constants.platform.Errno.ENODEV.intValue();
  public static final int ENOTDIR = jnr.constants.platform.Errno.ENOTDIR.intValue();
  public static final int EISDIR = jnr.constants.platform.Errno.EISDIR.intValue();
  public static final int EINVAL = jnr.constants.platform.Errno.EINVAL.intValue();
  public static final int EFBIG = jnr.constants.platform.Errno.EFBIG.intValue();
  public static final int EROFS = jnr.constants.platform.Errno.EROFS.intValue();
  public static final int ERANGE = jnr.constants.platform.Errno.ERANGE.intValue();
  public static final int ENAMETOOLONG = jnr.constants.platform.Errno.ENAMETOOLONG.intValue();
  public static final int ENOSYS = jnr.constants.platform.Errno.ENOSYS.intValue();
  public static final int ENODATA = jnr.constants.platform.Errno.ENODATA.intValue();
  public static final int EOPNOTSUPP = jnr.constants.platform.Errno.EOPNOTSUPP.intValue();
  public static final int EPROTO = jnr.constants.platform.Errno.EPROTO.intValue();
  public static final int ENOTCONN = jnr.constants.platform.Errno.ENOTCONN.intValue();
  public static final int ETIMEDOUT = jnr.constants.platform.Errno.ETIMEDOUT.intValue();
  public static final int EHOSTUNREACH = jnr.constants.platform.Errno.EHOSTUNREACH.intValue();
  public static final int ESTALE = jnr.constants.platform.Errno.ESTALE.intValue();
  public static final int ECONNABORTED = jnr.constants.platform.Errno.ECONNABORTED.intValue();

  private Errno() {}

  /** The error number of an outcome; 0 for a reading. */
  public static int of(Outcome<?> outcome) {
    if (outcome instanceof Reading<?>) {
      return 0;
    }
    if (outcome instanceof Absent<?>) {
      return ENODATA;
    }
    return of(((Failure<?>) outcome).reason());
  }

  /** The error number of a failure. */
  public static int of(Failure.Reason reason) {
    return switch (reason) {
      case TIMEOUT -> ETIMEDOUT;
      case UNREACHABLE -> EHOSTUNREACH;
      case REFUSED -> EACCES;
      // Not EACCES: that says that other credentials would help, and here none would.
      case NOT_WRITABLE -> EROFS;
      case CANCELLED -> EINTR;
      // Not EIO, which the channel itself answers when the daemon is at fault: "Protocol error"
      // points at the agent.
      case BAD_ANSWER -> EPROTO;
      case NOT_CACHED, OVERLOADED -> EAGAIN;
      case UNKNOWN_NAME -> ENOENT;
      // "Transport endpoint is not connected": what a mount without its daemon says, too.
      case STOPPED -> ENOTCONN;
      case BAD_REQUEST -> EINVAL;
      case IS_DIRECTORY -> EISDIR;
      case NOT_DIRECTORY -> ENOTDIR;
      case NAME_TOO_LONG -> ENAMETOOLONG;
      case OUT_OF_RANGE -> ERANGE;
      case NOT_DONE -> EIO;
    };
  }

  /** The sentence of this machine for an error number, as in {@code Permission denied}. */
  public static String text(int errno) {
    jnr.constants.platform.Errno constant = jnr.constants.platform.Errno.valueOf(errno);
    return constant.toString() + " (errno " + errno + ")";
  }
}
