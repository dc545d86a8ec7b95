package org.aeiou.daemon.kernel;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.aeiou.daemon.fuse.Opcode;

/** What is in a reply to READDIR or READDIRPLUS. */
final class Pages {
  /** An entry; the node id is 0 where there is none. */
  record Entry(String name, long ino, long cookie, int type, long nodeId, long attrIno) {}

  private Pages() {}

  static List<Entry> entries(KernelSide.Message reply, boolean plus) {
    List<Entry> entries = new ArrayList<>();
    ByteBuffer in = reply.bytes();
    int at = 0;
    while (at < in.limit()) {
      long nodeId = plus ? in.getLong(at) : 0;
      long attrIno = plus ? in.getLong(at + 40) : 0;
      at += plus ? 128 : 0;
      byte[] name = new byte[in.getInt(at + 16)];
      in.get(at + 24, name);
      entries.add(
          new Entry(
              new String(name, StandardCharsets.UTF_8),
              in.getLong(at),
              in.getLong(at + 8),
              in.getInt(at + 20),
              nodeId,
              attrIno));
      at += (24 + name.length + 7) / 8 * 8;
    }
    return entries;
  }

  static List<String> names(KernelSide.Message reply, boolean plus) {
    return entries(reply, plus).stream().map(Entry::name).toList();
  }

  /** Reads a directory to its end, with room for this many bytes at a time. */
  static List<Entry> all(KernelSide kernel, long nodeId, int size, boolean plus) {
    List<Entry> all = new ArrayList<>();
    long cookie = 0;
    while (true) {
      List<Entry> page = page(kernel, nodeId, cookie, size, plus);
      if (page.isEmpty()) {
        return all;
      }
      all.addAll(page);
      cookie = page.get(page.size() - 1).cookie();
    }
  }

  static List<Entry> page(KernelSide kernel, long nodeId, long cookie, int size, boolean plus) {
    KernelSide.Message reply =
        kernel.ask(
            plus ? Opcode.READDIRPLUS : Opcode.READDIR, nodeId, KernelSide.read(cookie, size));
    if (reply.error() != 0) {
      throw new AssertionError("error " + reply.error());
    }
    if (reply.payload().length > size) {
      throw new AssertionError(reply.payload().length + " bytes where " + size + " fit");
    }
    return entries(reply, plus);
  }
}
