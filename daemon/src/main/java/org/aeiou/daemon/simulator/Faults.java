package org.aeiou.daemon.simulator;

import java.time.Duration;
import java.util.Set;
import org.aeiou.daemon.backend.Oid;

/**
 * What is wrong with an agent. Immutable. Shares are from 0 (never) to 1 (always) and are drawn for
 * each answer, with the seed of the network.
 *
 * @param dead takes requests and answers none
 * @param loss the share of answers that get lost
 * @param duplicate the share of answers that are sent twice
 * @param reorder the share of answers that {@code reorderBy} holds back, so that later ones pass
 * @param reorderBy how long a reordered answer is held back
 * @param late the share of answers that come {@code lateBy} too late
 * @param lateBy how much too late
 * @param truncate the share of answers that end in the middle
 * @param garbage the share of answers that are random octets
 * @param wrongId the share of answers to a request identifier that no request had
 * @param wrongAddress the share of answers that come from an address that was not asked
 * @param genErr objects that fail with genErr when they are read
 * @param tooBigAbove the most objects of one request; for more the answer is tooBig
 * @param setStatus the error status of RFC 3416 that answers what is to be set; 0 for none
 * @param setLoss the share of answers to what was set that get lost
 * @param hostility what it does on purpose; null if nothing
 */
public record Faults(
    boolean dead,
    double loss,
    double duplicate,
    double reorder,
    Duration reorderBy,
    double late,
    Duration lateBy,
    double truncate,
    double garbage,
    double wrongId,
    double wrongAddress,
    Set<Oid> genErr,
    int tooBigAbove,
    int setStatus,
    double setLoss,
    Hostility hostility) {

  /** An agent as it should be. */
  public static final Faults NONE = new Builder().build();

  /** Checks the shares. */
  public Faults {
    share("loss", loss);
    share("duplicate", duplicate);
    share("reorder", reorder);
    share("late", late);
    share("truncate", truncate);
    share("garbage", garbage);
    share("wrongId", wrongId);
    share("wrongAddress", wrongAddress);
    share("setLoss", setLoss);
    genErr = Set.copyOf(genErr);
    if (reorderBy.isNegative() || lateBy.isNegative() || tooBigAbove < 0) {
      throw new IllegalArgumentException("a delay or limit below 0; expected 0 or more");
    }
  }

  /** Starts from an agent as it should be. */
  public static Builder builder() {
    return new Builder();
  }

  /** Starts from these faults. */
  public Builder toBuilder() {
    Builder all = new Builder();
    all.dead = dead;
    all.loss = loss;
    all.duplicate = duplicate;
    all.reorder = reorder;
    all.reorderBy = reorderBy;
    all.late = late;
    all.lateBy = lateBy;
    all.truncate = truncate;
    all.garbage = garbage;
    all.wrongId = wrongId;
    all.wrongAddress = wrongAddress;
    all.genErr = genErr;
    all.tooBigAbove = tooBigAbove;
    all.setStatus = setStatus;
    all.setLoss = setLoss;
    all.hostility = hostility;
    return all;
  }

  private static void share(String name, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(name + ": " + value + " is no share; expected 0 to 1");
    }
  }

  /** Collects faults. */
  public static final class Builder {
    private boolean dead;
    private double loss;
    private double duplicate;
    private double reorder;
    private Duration reorderBy = Duration.ZERO;
    private double late;
    private Duration lateBy = Duration.ZERO;
    private double truncate;
    private double garbage;
    private double wrongId;
    private double wrongAddress;
    private Set<Oid> genErr = Set.of();
    private int tooBigAbove = Integer.MAX_VALUE;
    private int setStatus;
    private double setLoss;
    private Hostility hostility;

    private Builder() {}

    public Builder dead(boolean silent) {
      dead = silent;
      return this;
    }

    public Builder loss(double share) {
      loss = share;
      return this;
    }

    public Builder duplicate(double share) {
      duplicate = share;
      return this;
    }

    public Builder reorder(double share, Duration by) {
      reorder = share;
      reorderBy = by;
      return this;
    }

    public Builder late(double share, Duration by) {
      late = share;
      lateBy = by;
      return this;
    }

    public Builder truncate(double share) {
      truncate = share;
      return this;
    }

    public Builder garbage(double share) {
      garbage = share;
      return this;
    }

    public Builder wrongId(double share) {
      wrongId = share;
      return this;
    }

    public Builder wrongAddress(double share) {
      wrongAddress = share;
      return this;
    }

    public Builder genErr(Oid... objects) {
      genErr = Set.of(objects);
      return this;
    }

    public Builder tooBigAbove(int objects) {
      tooBigAbove = objects;
      return this;
    }

    public Builder setStatus(int errorStatus) {
      setStatus = errorStatus;
      return this;
    }

    public Builder setLoss(double share) {
      setLoss = share;
      return this;
    }

    public Builder hostility(Hostility kind) {
      hostility = kind;
      return this;
    }

    public Faults build() {
      return new Faults(
          dead,
          loss,
          duplicate,
          reorder,
          reorderBy,
          late,
          lateBy,
          truncate,
          garbage,
          wrongId,
          wrongAddress,
          genErr,
          tooBigAbove,
          setStatus,
          setLoss,
          hostility);
    }
  }
}
