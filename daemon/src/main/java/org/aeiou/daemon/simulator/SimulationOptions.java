package org.aeiou.daemon.simulator;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.aeiou.daemon.backend.Secret;
import org.aeiou.daemon.backend.snmp.message.UsmUser;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Authentication;
import org.aeiou.daemon.backend.snmp.message.UsmUser.Privacy;

/**
 * What a simulated network is like. Immutable; a component is what the option of the same name says
 * on the command line.
 *
 * @param systems how many agents with generated objects, 0 to 1 000 000; each recording is one more
 * @param rows interfaces of each generated agent, 1 to 100 000
 * @param rtt from a question's arrival to its answer
 * @param jitter the most that an answer is earlier or later than {@code rtt}
 * @param loss the share of answers that get lost, 0 to 1
 * @param duplicates the share of answers that come twice, 0 to 1
 * @param reordered the share of answers that come so much later that others pass, 0 to 1
 * @param dead how many of the agents never answer; which ones depends on the seed
 * @param maxMessage the largest message of an agent in octets, 484 to 65507
 * @param port the UDP port of all agents; 0 picks one that is free on all their addresses
 * @param firstAddress the first agent's address, 127.x.y.z; the others follow, without those that
 *     end in 0 or 255
 * @param seed of everything that looks random
 * @param communities of v1 and v2c, at least one; the first one is what the configuration uses
 * @param writeCommunities of those that may write, too; where there are any, the users of v3 may
 * @param users of v3
 * @param versions which share of the systems the configuration asks in which version
 * @param recordings {@code .snmprec} files, or folders of them
 * @param hostile for each of these one agent more, which does that: {@code hostile/endless-rows}
 * @param traps where all agents send traps to; null for nowhere
 * @param flap how often a link goes down or comes up; zero for never
 * @param configOut where to write a configuration for the daemon, or null
 */
public record SimulationOptions(
    int systems,
    int rows,
    Duration rtt,
    Duration jitter,
    double loss,
    double duplicates,
    double reordered,
    int dead,
    int maxMessage,
    int port,
    String firstAddress,
    long seed,
    List<String> communities,
    List<String> writeCommunities,
    List<UsmUser> users,
    Versions versions,
    List<Path> recordings,
    List<Hostility> hostile,
    InetSocketAddress traps,
    Duration flap,
    Path configOut) {

  /** The passwords of {@link #USERS}. */
  public static final String AUTHENTICATION_PASS = "simulated-auth";

  public static final String PRIVACY_PASS = "simulated-privacy";

  /** The users of v3 that an agent knows where no others are given; all protocols occur. */
  public static final List<UsmUser> USERS =
      List.of(
          user("ops", Authentication.SHA_256, Privacy.AES_128),
          user("md5des", Authentication.MD5, Privacy.DES),
          user("sha", Authentication.SHA, Privacy.AES_128),
          user("sha224", Authentication.SHA_224, Privacy.AES_192),
          user("sha384", Authentication.SHA_384, Privacy.AES_256),
          user("sha512", Authentication.SHA_512, Privacy.AES_256),
          user("nopriv", Authentication.SHA, Privacy.NONE),
          user("noauth", Authentication.NONE, Privacy.NONE));

  /** Shares of the versions, of any common total: {@code 1, 8, 1} or {@code 10, 80, 10}. */
  public record Versions(int v1, int v2c, int v3) {
    public Versions {
      if (v1 < 0 || v2c < 0 || v3 < 0 || v1 + v2c + v3 <= 0) {
        throw new IllegalArgumentException(
            "--versions: "
                + v1
                + ":"
                + v2c
                + ":"
                + v3
                + " are no shares; expected three numbers from 0, not all 0");
      }
    }
  }

  /**
   * Checks every component.
   *
   * @throws IllegalArgumentException naming the option, its value and what was expected
   */
  public SimulationOptions {
    range("--systems", systems, 0, 1_000_000);
    range("--rows", rows, 1, 100_000);
    duration("--rtt", rtt);
    duration("--jitter", jitter);
    duration("--flap", flap);
    share("--loss", loss);
    share("--duplicates", duplicates);
    share("--reordered", reordered);
    range("--dead", dead, 0, 1_000_000);
    range("--max-message", maxMessage, 484, 65_507);
    range("--port", port, 0, 65_535);
    communities = List.copyOf(communities);
    writeCommunities = List.copyOf(writeCommunities);
    users = List.copyOf(users);
    recordings = List.copyOf(recordings);
    hostile = List.copyOf(hostile);
    if (communities.isEmpty() || communities.contains("")) {
      throw new IllegalArgumentException("--community: expected at least one, none of them empty");
    }
    Addresses.parse(firstAddress);
  }

  public static Builder builder() {
    return new Builder();
  }

  private static UsmUser user(String name, Authentication authentication, Privacy privacy) {
    return new UsmUser(
        name,
        authentication,
        authentication == Authentication.NONE ? null : new Secret(AUTHENTICATION_PASS),
        privacy,
        privacy == Privacy.NONE ? null : new Secret(PRIVACY_PASS),
        "");
  }

  private static void range(String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          option + ": " + value + " is out of range; expected " + least + " to " + most);
    }
  }

  private static void share(String option, double value) {
    if (!(value >= 0 && value <= 1)) {
      throw new IllegalArgumentException(option + ": " + value + " is no share; expected 0 to 1");
    }
  }

  private static void duration(String option, Duration value) {
    if (value.isNegative() || value.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException(
          option + ": " + value.toMillis() + " ms is out of range; expected 0 to 1 h");
    }
  }

  /** Collects options; what is not said is as {@code aeiou simulate} without options has it. */
  public static final class Builder {
    private int systems = 10;
    private int rows = 8;
    private Duration rtt = Duration.ZERO;
    private Duration jitter = Duration.ZERO;
    private double loss;
    private double duplicates;
    private double reordered;
    private int dead;
    private int maxMessage = 1472;
    private int port = 1161;
    private String firstAddress = "127.1.0.1";
    private long seed = 1;
    private List<String> communities = List.of("public");
    private List<String> writeCommunities = List.of();
    private List<UsmUser> users = USERS;
    private Versions versions = new Versions(0, 1, 0);
    private List<Path> recordings = List.of();
    private List<Hostility> hostile = List.of();
    private InetSocketAddress traps;
    private Duration flap = Duration.ZERO;
    private Path configOut;

    private Builder() {}

    public Builder systems(int count) {
      systems = count;
      return this;
    }

    public Builder rows(int count) {
      rows = count;
      return this;
    }

    public Builder rtt(Duration time) {
      rtt = time;
      return this;
    }

    public Builder jitter(Duration time) {
      jitter = time;
      return this;
    }

    public Builder duplicates(double share) {
      duplicates = share;
      return this;
    }

    public Builder reordered(double share) {
      reordered = share;
      return this;
    }

    public Builder loss(double share) {
      loss = share;
      return this;
    }

    public Builder dead(int count) {
      dead = count;
      return this;
    }

    public Builder maxMessage(int octets) {
      maxMessage = octets;
      return this;
    }

    public Builder port(int number) {
      port = number;
      return this;
    }

    public Builder firstAddress(String address) {
      firstAddress = address;
      return this;
    }

    public Builder seed(long number) {
      seed = number;
      return this;
    }

    public Builder writeCommunities(String... names) {
      writeCommunities = List.of(names);
      return this;
    }

    public Builder communities(String... names) {
      communities = List.of(names);
      return this;
    }

    public Builder users(UsmUser... all) {
      users = List.of(all);
      return this;
    }

    public Builder versions(int v1, int v2c, int v3) {
      versions = new Versions(v1, v2c, v3);
      return this;
    }

    public Builder recordings(Path... files) {
      recordings = List.of(files);
      return this;
    }

    public Builder hostile(Hostility... kinds) {
      hostile = List.of(kinds);
      return this;
    }

    public Builder traps(InetSocketAddress target) {
      traps = target;
      return this;
    }

    public Builder flap(Duration every) {
      flap = every;
      return this;
    }

    public Builder configOut(Path file) {
      configOut = file;
      return this;
    }

    /**
     * The options.
     *
     * @throws IllegalArgumentException naming the option, its value and what was expected
     */
    public SimulationOptions build() {
      return new SimulationOptions(
          systems,
          rows,
          rtt,
          jitter,
          loss,
          duplicates,
          reordered,
          dead,
          maxMessage,
          port,
          firstAddress,
          seed,
          communities,
          writeCommunities,
          users,
          versions,
          recordings,
          hostile,
          traps,
          flap,
          configOut);
    }
  }
}
