package org.aeiou.daemon.http.live;

import org.aeiou.closures.Closure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Request;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.daemon.http.json.Shown;
import org.aeiou.daemon.http.json.ShownFiles;
import org.aeiou.daemon.service.AttributeService;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.FileSystem.Content;
import org.aeiou.daemon.tree.Node;

/** Cells from the tree. */
final class ServiceCells implements CellSource {
  private final AttributeService files;
  private final ShownFiles shown;

  ServiceCells(AttributeService files, ShownFiles shown) {
    this.files = files;
    this.shown = shown;
  }

  @Override
  public Request resolve(Requester requester, String path, Closure<Node, Cell> closure, Cell cell) {
    return files.resolve(requester, path, closure, cell);
  }

  @Override
  public Request read(RequesterBurst burst, Node node, Closure<Content, Cell> closure, Cell cell) {
    return files.read(burst, node, closure, cell);
  }

  @Override
  public FileSystem.Watch watch(Requester requester, Node node) {
    return files.watch(requester, node);
  }

  @Override
  public void observe(FileSystem.Observer observer) {
    files.observe(observer);
  }

  @Override
  public Shown cached(Node node) {
    return shown.cached(node);
  }

  @Override
  public Shown of(Node node, Outcome<Content> outcome) {
    return shown.of(node, outcome);
  }
}
