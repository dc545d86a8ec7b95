package org.aeiou.daemon.kernel;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.ArrayList;
import java.util.List;
import org.aeiou.daemon.fuse.Errno;
import org.aeiou.daemon.fuse.FileNames;
import org.aeiou.daemon.fuse.HeaderDescriptor;
import org.aeiou.daemon.fuse.XattrDescriptor;
import org.aeiou.daemon.service.FileSystem;

/** GETXATTR and LISTXATTR. Nothing here is ever fetched. */
final class XattrCalls {
  /**
   * The name space that there is anything in. Of others it is said that there are none at all, not
   * that this file has none: ls then stops asking every file for its access list and security
   * label.
   */
  private static final String OURS = "user.";

  private final FileSystem files;
  private final CallReplies replies;
  private final KernelCounters counters;

  XattrCalls(FileSystem files, CallReplies replies, KernelCounters counters) {
    this.files = files;
    this.replies = replies;
    this.counters = counters;
  }

  boolean get(Call call, ByteBuffer in, int body) {
    String name;
    try {
      name = FileNames.decode(in, body + XattrDescriptor.IN_LENGTH);
    } catch (CharacterCodingException e) {
      replies.error(call, call.reply, Errno.ENODATA);
      return false;
    }
    if (name == null) {
      counters.malformed.increment();
      replies.error(call, call.reply, Errno.EINVAL);
      return false;
    }
    byte[] value = files.extendedAttribute(call.inode.node, name);
    if (value == null) {
      replies.error(call, call.reply, name.startsWith(OURS) ? Errno.ENODATA : Errno.EOPNOTSUPP);
      return false;
    }
    call.size = XattrDescriptor.size(in, body, HeaderDescriptor.LONGEST_PAYLOAD);
    return answer(call, value);
  }

  boolean list(Call call, ByteBuffer in, int body) {
    List<byte[]> names = new ArrayList<>();
    int length = 0;
    for (String name : files.extendedAttributes(call.inode.node)) {
      byte[] encoded = FileNames.encode(name);
      names.add(encoded);
      length += encoded.length + 1;
    }
    byte[] value = new byte[length];
    int at = 0;
    for (byte[] name : names) {
      System.arraycopy(name, 0, value, at, name.length);
      // The NUL behind it is there already.
      at += name.length + 1;
    }
    call.size = XattrDescriptor.size(in, body, HeaderDescriptor.LONGEST_PAYLOAD);
    return answer(call, value);
  }

  private boolean answer(Call call, byte[] value) {
    if (call.size == 0) {
      XattrDescriptor.putSize(call.reply.bytes(), Reply.PAYLOAD, value.length);
      replies.payload(call, call.reply, XattrDescriptor.OUT_LENGTH);
    } else if (value.length > call.size) {
      replies.error(call, call.reply, Errno.ERANGE);
    } else {
      call.reply.bytes().put(Reply.PAYLOAD, value);
      replies.payload(call, call.reply, value.length);
    }
    return false;
  }
}
