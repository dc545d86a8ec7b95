package org.aeiou.daemon.http.live;

/** That a stream shows a cell; told apart by identity, as a stream may show a cell anew. */
final class Subscription {
  final Stream stream;

  /** The cell's place in the stream. */
  final int index;

  final Cell cell;

  Subscription(Stream stream, int index, Cell cell) {
    this.stream = stream;
    this.index = index;
    this.cell = cell;
  }
}
