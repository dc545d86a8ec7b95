package org.aeiou.daemon.config;

import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.daemon.backend.BackendSettings;
import org.aeiou.daemon.backend.Listening;
import org.aeiou.daemon.catalogue.AttributePatterns;

/**
 * A configuration without errors. Immutable, with value equality.
 *
 * @param mount the owner of the files, and which users may enter
 * @param attach how programs attach
 * @param catalogueFiles the user's own catalogue files, absolute
 * @param mibs folders and files of MIBs
 * @param snmpModules the user's own files of what {@code /snmp} exports, absolute
 * @param readAhead how much is fetched before it is asked for
 * @param refreshAhead how much is refreshed before it is stale
 * @param state what is kept from one run to the next
 * @param budgets how many packets a second may be sent to several systems
 * @param traps where traps are received
 * @param http where HTTP is answered
 * @param cluster which cluster this is a member of; null for none
 * @param systems by name, in the order of the file
 * @param isReadOnly whether nothing may be written, whatever systems there are or come to be
 * @param warnings what is allowed and better not so, in words
 */
public record Configuration(
    Mount mount,
    Attach attach,
    List<Path> catalogueFiles,
    List<Mibs> mibs,
    List<Path> snmpModules,
    ReadAhead readAhead,
    RefreshAhead refreshAhead,
    State state,
    Budgets budgets,
    Listening traps,
    HttpSettings http,
    ClusterSettings cluster,
    Map<String, SystemConfiguration> systems,
    boolean isReadOnly,
    List<String> warnings) {

  public Configuration {
    catalogueFiles = List.copyOf(catalogueFiles);
    mibs = List.copyOf(mibs);
    snmpModules = List.copyOf(snmpModules);
    systems = Collections.unmodifiableMap(systems);
    warnings = List.copyOf(warnings);
  }

  /** What differs from {@code other} and takes a new mount, by key. */
  public List<String> needingNewMount(Configuration other) {
    List<String> keys = new ArrayList<>();
    if (!mount.equals(other.mount)) {
      keys.add("mount");
    }
    if (!attach.equals(other.attach)) {
      keys.add("attach");
    }
    if (!catalogueFiles.equals(other.catalogueFiles)) {
      keys.add("catalogue");
    }
    if (!mibs.equals(other.mibs)) {
      keys.add("mibs");
    }
    if (!snmpModules.equals(other.snmpModules)) {
      keys.add("snmp-modules");
    }
    if (!state.equals(other.state)) {
      keys.add("state");
    }
    if (!traps.equals(other.traps)) {
      keys.add("traps");
    }
    if (!Objects.equals(cluster, other.cluster)) {
      keys.add("cluster");
    }
    if (!allowsWriting() && other.allowsWriting()) {
      keys.add("write");
    }
    return keys;
  }

  /** The same, and nothing may be written. */
  public Configuration readOnly() {
    Map<String, SystemConfiguration> unwritten = new LinkedHashMap<>();
    systems.forEach((name, system) -> unwritten.put(name, system.readOnly()));
    return with(cluster, unwritten, true);
  }

  /** The same of a process without a mount: it serves readers only where it answers HTTP. */
  public Configuration ofPoller() {
    return with(cluster == null ? null : cluster.reading(http.isOn()), systems, isReadOnly);
  }

  private Configuration with(
      ClusterSettings otherCluster,
      Map<String, SystemConfiguration> otherSystems,
      boolean isUnwritten) {
    return new Configuration(
        mount,
        attach,
        catalogueFiles,
        mibs,
        snmpModules,
        readAhead,
        refreshAhead,
        state,
        budgets,
        traps,
        http,
        otherCluster,
        otherSystems,
        isUnwritten,
        warnings);
  }

  /** Whether the process asks systems: all but a member of a cluster that only reads do. */
  public boolean isAsking() {
    return cluster == null || cluster.polls();
  }

  /** Whether it takes its systems from the pollers of its cluster, as the file names none. */
  public boolean takesSystems() {
    return !isAsking() && systems.isEmpty();
  }

  /**
   * Whether anything may be written, or may come to be by what pollers say: then programs may write
   * below the mount point.
   */
  public boolean allowsWriting() {
    if (takesSystems()) {
      return !isReadOnly;
    }
    return systems.values().stream().anyMatch(system -> !system.write().allowed().isEmpty());
  }

  /**
   * The owner of the files, and which users may enter.
   *
   * @param uid the owner's number
   * @param gid the group's number
   * @param mode the permission bits of files
   * @param allowOther whether users other than the one of the daemon may enter
   */
  public record Mount(int uid, int gid, int mode, boolean allowOther) {}

  /**
   * How programs attach.
   *
   * @param enabled whether they can
   * @param room what each of them may have
   * @param memory how many MiB all clients together may share with the daemon
   */
  public record Attach(boolean enabled, Socket socket, Clients clients, Room room, int memory) {}

  /**
   * MIB files that are read together.
   *
   * @param path a folder or a file, absolute
   * @param wanted what is taken of them, by name or in numbers; empty for all
   * @param systems what the {@code sysObjectID} of systems that have it may begin with; null for
   *     the maker's own
   */
  public record Mibs(Path path, List<String> wanted, List<String> systems) {}

  /**
   * How much is fetched before it is asked for.
   *
   * @param values how many values may be fetched and not read, for one reader in one table or group
   *     of one system; 0 if nothing is read ahead
   */
  public record ReadAhead(int values) {}

  /**
   * What is kept from one run to the next.
   *
   * @param folder absolute; null for one that is made of the mount point's
   * @param learned whether what was learned of systems is kept
   */
  public record State(Path folder, boolean learned) {}

  /**
   * How much is refreshed before it is stale.
   *
   * @param values how many values of one system may be kept fresh; 0 for none
   */
  public record RefreshAhead(int values) {}

  /**
   * Where programs attach.
   *
   * @param path absolute; null for one that is made of the mount point's
   * @param mode the permission bits
   * @param gid the number of the group
   */
  public record Socket(Path path, int mode, int gid) {}

  /**
   * How many clients may be attached at once.
   *
   * @param ofUser how many of them may be one user's
   */
  public record Clients(int all, int ofUser) {}

  /**
   * What a client may have.
   *
   * @param requests how many may be pending at once
   * @param bytes how much memory for values that are longer than its outcomes
   */
  public record Room(int requests, int bytes) {}

  /**
   * Which attributes of a system may be written, and how.
   *
   * @param allowed none by default
   * @param settings how its back end asks for that; those it is read with, where nothing else is
   *     said
   */
  public record Write(AttributePatterns allowed, BackendSettings settings) {}

  /**
   * One system.
   *
   * @param backend the section of the back end that asks it
   * @param settings how that asks it
   * @param limits how it may be asked
   * @param lifetime how long its readings are used
   * @param charset what its texts are written in where they are not UTF-8
   * @param write which of its attributes may be written, and how
   * @param budget the name of the budget that it shares with others; null for that of all systems
   */
  public record SystemConfiguration(
      String name,
      String backend,
      BackendSettings settings,
      Limits limits,
      Lifetime lifetime,
      Charset charset,
      Write write,
      String budget) {

    /** The same, and nothing of it may be written. */
    SystemConfiguration readOnly() {
      return new SystemConfiguration(
          name,
          backend,
          settings,
          limits,
          lifetime,
          charset,
          new Write(AttributePatterns.NONE, write.settings()),
          budget);
    }

    /** Whether readings of one are readings of the other: the same agent is asked. */
    public boolean asksTheSameAgentAs(SystemConfiguration other) {
      return backend.equals(other.backend)
          && settings.isSameAgent(other.settings)
          && charset.equals(other.charset);
    }
  }
}
