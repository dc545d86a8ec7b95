package org.aeiou.daemon.service;

import java.util.List;
import java.util.function.UnaryOperator;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Request;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.daemon.service.write.Assignment;
import org.aeiou.daemon.service.write.Author;
import org.aeiou.daemon.service.write.Written;
import org.aeiou.daemon.tree.Node;

/**
 * A file system of which the kernel keeps nothing. Everything is as in another file system but
 * valid for no time, so that every look reaches that one. For measuring, and for finding out which
 * cache remembers what.
 */
public record NoKernelCache(FileSystem files) implements FileSystem {

  @Override
  public Node root() {
    return files.root();
  }

  @Override
  public Requester requester(int uid) {
    return files.requester(uid);
  }

  @Override
  public <C> Request lookup(
      Requester requester, Node directory, String name, Closure<Entry, C> closure, C context) {
    return files.lookup(requester, directory, name, each(NoKernelCache::entry, closure), context);
  }

  @Override
  public <C> Request list(
      Requester requester, Node directory, Closure<Listing, C> closure, C context) {
    return files.list(requester, directory, each(NoKernelCache::listing, closure), context);
  }

  @Override
  public <C> Request read(Requester requester, Node file, Closure<Content, C> closure, C context) {
    return files.read(requester, file, each(NoKernelCache::content, closure), context);
  }

  @Override
  public boolean isWritable(Node node) {
    return files.isWritable(node);
  }

  @Override
  public <C> Request write(
      Author author,
      Requester requester,
      List<Assignment> assignments,
      Closure<Written, C> closure,
      C context) {
    return files.write(author, requester, assignments, closure, context);
  }

  @Override
  public void notWritten(Node file, String why) {
    files.notWritten(file, why);
  }

  private static <V, C> Closure<V, C> each(UnaryOperator<V> change, Closure<V, C> closure) {
    return (context, outcome, delayed) -> closure.run(context, outcome.map(change), delayed);
  }

  private static Entry entry(Entry entry) {
    return new Entry(entry.name(), entry.node(), 0);
  }

  private static Listing listing(Listing listing) {
    return new Listing(listing.entries().stream().map(NoKernelCache::entry).toList(), 0);
  }

  private static Content content(Content content) {
    return new Content(
        content.bytes(),
        content.attributes().validFor(0),
        content.takenNanos(),
        content.usableNanos());
  }

  @Override
  public Content cached(Node file) {
    Content content = files.cached(file);
    return content == null ? null : content(content);
  }

  @Override
  public boolean isUnread(Node file) {
    return files.isUnread(file);
  }

  @Override
  public Attributes attributes(Node node) {
    return files.attributes(node).validFor(0);
  }

  @Override
  public void observe(Observer observer) {
    files.observe(observer);
  }

  @Override
  public Watch watch(Requester requester, Node file) {
    return files.watch(requester, file);
  }

  @Override
  public List<String> extendedAttributes(Node node) {
    return files.extendedAttributes(node);
  }

  @Override
  public byte[] extendedAttribute(Node node, String name) {
    return files.extendedAttribute(node, name);
  }

  @Override
  public Usage usage() {
    return files.usage();
  }
}
