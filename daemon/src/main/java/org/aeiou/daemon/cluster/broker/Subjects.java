package org.aeiou.daemon.cluster.broker;

/**
 * The subjects of one cluster. No other cluster of the same broker sees them.
 *
 * @param cluster the name of the cluster: letters, digits, {@code -} and {@code _}
 */
public record Subjects(String cluster) {

  private String below(String name) {
    return "aeiou." + cluster + "." + name;
  }

  /** What all members are told: how each of them is, and what it owns. */
  public String members() {
    return below("members");
  }

  /** What one member is told. */
  public String member(String id) {
    return below("member." + id);
  }

  /** What the owner of a slot has read that others are interested in. */
  public String changes(int slot) {
    return below("changes." + slot);
  }

  /** What happened to systems, for the logs of all members. */
  public String events() {
    return below("events");
  }

  /** Below which one connection gets what only it is to get. */
  public String inbox() {
    return below("inbox");
  }

  /**
   * The same of a connection for leases. It is not below what a member that only reads may use: one
   * that could answer in the place of the store could give a slot twice.
   */
  public String leaseInbox() {
    return "aeiou-" + cluster + "-leases.inbox";
  }
}
