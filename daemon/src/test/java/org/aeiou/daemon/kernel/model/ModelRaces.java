package org.aeiou.daemon.kernel.model;

import java.util.List;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Request;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.tree.Node;

/**
 * A file system with a cache that may change just after a look into it, as the thread that owns a
 * system may do at any time.
 */
final class ModelRaces implements FileSystem {
  private final FileSystem files;
  private final Runnable meanwhile;

  /** Whether that may happen now; nothing that the other thread would wait for may be held. */
  boolean mayHappen;

  ModelRaces(FileSystem files, Runnable meanwhile) {
    this.files = files;
    this.meanwhile = meanwhile;
  }

  @Override
  public Content cached(Node file) {
    Content seen = files.cached(file);
    if (mayHappen) {
      mayHappen = false;
      meanwhile.run();
    }
    return seen;
  }

  @Override
  public Requester requester(int uid) {
    return files.requester(uid);
  }

  @Override
  public Node root() {
    return files.root();
  }

  @Override
  public <C> Request lookup(
      Requester requester, Node directory, String name, Closure<Entry, C> closure, C context) {
    return files.lookup(requester, directory, name, closure, context);
  }

  @Override
  public <C> Request list(
      Requester requester, Node directory, Closure<Listing, C> closure, C context) {
    return files.list(requester, directory, closure, context);
  }

  @Override
  public <C> Request read(Requester requester, Node file, Closure<Content, C> closure, C context) {
    return files.read(requester, file, closure, context);
  }

  @Override
  public boolean isUnread(Node file) {
    return files.isUnread(file);
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
  public Attributes attributes(Node node) {
    return files.attributes(node);
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
