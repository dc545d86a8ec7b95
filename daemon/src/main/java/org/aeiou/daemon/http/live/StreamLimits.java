package org.aeiou.daemon.http.live;

/**
 * How much streams may take.
 *
 * @param streams so many at once, those included that may come back
 * @param streamsOfOwner the same of one user or address
 * @param cellsOfStream paths that a stream shows
 * @param cells paths that all streams show, the same one counted once
 * @param subscriptions paths that all streams show, the same one counted for each stream
 */
record StreamLimits(
    int streams, int streamsOfOwner, int cellsOfStream, int cells, int subscriptions) {
  /** A cell takes about so much: its path, node, watch and what is shown. */
  private static final int CELL_BYTES = 1200;

  private static final int MOST_CELLS = 200_000;

  /** An eighth of the memory at the most, and no more than a person can look at. */
  static StreamLimits of(long heapBytes) {
    int cells = (int) Math.min(MOST_CELLS, Math.max(20_000, heapBytes / 8 / CELL_BYTES));
    return new StreamLimits(1000, 250, 20_000, cells, 10 * cells);
  }

  /** Why there may not be one more stream; null if there may. */
  String refuseStream(int all, String owner, long own) {
    if (all >= streams) {
      return "there are " + streams + " streams already; close one, and try again later";
    }
    return own < streamsOfOwner
        ? null
        : owner + " has " + own + " streams already; close one, and try again later";
  }

  /** Why there may not be so many; null if there may. */
  String refuseCells(long allSubscriptions, long allCells) {
    if (allSubscriptions > subscriptions) {
      return "all streams together would show more than " + subscriptions + " cells";
    }
    return allCells <= cells
        ? null
        : "all streams together would show more than " + cells + " different cells";
  }
}
