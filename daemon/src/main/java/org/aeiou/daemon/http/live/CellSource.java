package org.aeiou.daemon.http.live;

import org.aeiou.closures.Closure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Request;
import org.aeiou.closures.scheduler.Requester;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.daemon.http.json.Shown;
import org.aeiou.daemon.service.FileSystem;
import org.aeiou.daemon.service.FileSystem.Content;
import org.aeiou.daemon.tree.Node;

/** Where cells come from. Any thread; none waits. */
interface CellSource {

  /** Finds what a path names. */
  Request resolve(Requester requester, String path, Closure<Node, Cell> closure, Cell cell);

  Request read(RequesterBurst burst, Node node, Closure<Content, Cell> closure, Cell cell);

  /** Keeps a file fresh. What comes of it is told to observers. */
  FileSystem.Watch watch(Requester requester, Node node);

  void observe(FileSystem.Observer observer);

  /** What the cache has to show; null if nothing. */
  Shown cached(Node node);

  /** What the outcome of a read shows. */
  Shown of(Node node, Outcome<Content> outcome);
}
