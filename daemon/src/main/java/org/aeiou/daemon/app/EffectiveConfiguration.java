package org.aeiou.daemon.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.Hashing;
import com.google.common.net.InetAddresses;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.aeiou.closures.exchange.Limits;
import org.aeiou.closures.exchange.Rate;
import org.aeiou.daemon.backend.Listening;
import org.aeiou.daemon.backend.PartialLimits;
import org.aeiou.daemon.config.Budgets;
import org.aeiou.daemon.config.ClusterSettings;
import org.aeiou.daemon.config.Configuration;
import org.aeiou.daemon.config.Configuration.SystemConfiguration;
import org.aeiou.daemon.config.HttpSettings;
import org.aeiou.daemon.document.YamlWriter;

/**
 * The configuration in effect, for {@code /.aeiou/config}: defaults filled in, secrets left out.
 */
final class EffectiveConfiguration {
  /** So much of a hash tells configurations apart. */
  private static final int DIGEST = 16;

  private EffectiveConfiguration() {}

  /**
   * Tells what members of a cluster would ask from what others would: systems and budgets, without
   * secrets, and what of the cluster must be the same at all.
   *
   * @param cluster the one that this process is a member of
   * @return empty if it asks no system
   */
  static String digest(Configuration configuration, ClusterSettings cluster) {
    if (configuration.systems().isEmpty()) {
      return "";
    }
    YamlWriter yaml = new YamlWriter();
    yaml.put("slots", cluster.slots());
    if (!cluster.sites().isEmpty()) {
      yaml.put("sites", sites(cluster));
    }
    yaml.put("ttl", written(cluster.ttl()));
    budgets(yaml, configuration.budgets());
    systems(yaml, configuration);
    return Hashing.sha256().hashString(yaml.toString(), UTF_8).toString().substring(0, DIGEST);
  }

  static String of(Path file, Configuration configuration) {
    YamlWriter yaml = new YamlWriter().comment("in effect; from " + file);
    yaml.put("mount", mount(configuration.mount()));
    yaml.put("attach", attach(configuration.attach()));
    yaml.put("read-ahead", ahead(configuration.readAhead().values()));
    yaml.put("refresh-ahead", ahead(configuration.refreshAhead().values()));
    if (configuration.state().folder() != null) {
      yaml.put("state", configuration.state().folder());
    }
    yaml.put("learned", Map.of("keep", configuration.state().learned()));
    budgets(yaml, configuration.budgets());
    if (configuration.traps().isAnywhere()) {
      yaml.put("traps", traps(configuration.traps()));
    }
    if (configuration.http().isOn()) {
      yaml.put("http", http(configuration.http()));
    }
    if (configuration.cluster() != null) {
      yaml.put("cluster", cluster(configuration.cluster()));
    }
    systems(yaml, configuration);
    return yaml.toString();
  }

  /**
   * What a member of a cluster must know of the systems that only reads them, as a configuration
   * says it. No secret is in it.
   */
  static String inventory(Configuration configuration) {
    Map<Map<String, Object>, String> profiles = new LinkedHashMap<>();
    YamlWriter systems = new YamlWriter().begin("systems");
    for (SystemConfiguration system : configuration.systems().values()) {
      Map<String, Object> said = new LinkedHashMap<>();
      said.put(system.backend(), Map.of());
      said.put("charset", system.charset().name());
      said.put("write", Map.of("allow", system.write().allowed().texts()));
      said.put("ttl", ttl(system));
      String profile = profiles.computeIfAbsent(said, any -> "poller-" + profiles.size());
      systems.put(
          system.name(),
          Map.of("address", system.settings().address(), "profiles", List.of(profile)));
    }
    YamlWriter all = new YamlWriter().begin("profiles");
    profiles.forEach((said, name) -> all.put(name, said));
    return all + systems.toString();
  }

  private static void budgets(YamlWriter yaml, Budgets budgets) {
    if (budgets.all() != null) {
      yaml.put("budget", rate(budgets.all()));
    }
    if (!budgets.named().isEmpty()) {
      Map<String, Object> named = new LinkedHashMap<>();
      budgets.named().forEach((name, rate) -> named.put(name, rate(rate)));
      yaml.put("budgets", named);
    }
  }

  private static void systems(YamlWriter yaml, Configuration configuration) {
    yaml.begin("systems");
    for (SystemConfiguration system : configuration.systems().values()) {
      yaml.begin(system.name());
      if (!system.settings().address().isEmpty()) {
        yaml.put("address", system.settings().address());
      }
      yaml.put(system.backend(), backend(system))
          .put("charset", system.charset().name())
          .put("write", write(system))
          .put("ttl", ttl(system));
      if (system.budget() != null) {
        yaml.put("budget", system.budget());
      }
      yaml.end();
    }
    yaml.end();
  }

  private static Map<String, Object> traps(Listening traps) {
    Map<String, Object> text = new LinkedHashMap<>();
    List<String> listen = new ArrayList<>();
    traps.addresses().forEach(address -> listen.add(written(address)));
    if (traps.inherited()) {
      listen.add("inherited");
    }
    text.put("listen", listen);
    if (!traps.communities().isEmpty()) {
      text.put("communities", traps.communities());
    }
    text.put("rate", traps.perSecond());
    text.put("burst", traps.burst());
    return text;
  }

  private static Map<String, Object> http(HttpSettings http) {
    Map<String, Object> text = new LinkedHashMap<>();
    text.put("listen", http.listen().stream().map(EffectiveConfiguration::written).toList());
    if (http.token() != null) {
      text.put("token", http.token());
    }
    if (http.tls() != null) {
      Map<String, Object> tls = new LinkedHashMap<>();
      tls.put("certificate", http.tls().certificate());
      tls.put("key", http.tls().key());
      if (http.tls().clients() != null) {
        tls.put("clients", http.tls().clients());
      }
      text.put("tls", tls);
    }
    if (!http.hosts().isEmpty()) {
      text.put("hosts", http.hosts().stream().sorted().toList());
    }
    text.put("connections", http.connections().all());
    text.put("connections-of-address", http.connections().ofAddress());
    text.put("metrics", Map.of("systems", http.systemsInMetrics()));
    return text;
  }

  private static Map<String, Object> cluster(ClusterSettings cluster) {
    Map<String, Object> text = new LinkedHashMap<>();
    text.put("servers", cluster.servers());
    text.put("name", cluster.name());
    List<String> role = new ArrayList<>();
    if (cluster.polls()) {
      role.add("poll");
    }
    if (cluster.reads()) {
      role.add("read");
    }
    text.put("role", role);
    putIfSaid(text, "site", cluster.site().isEmpty() ? null : cluster.site());
    putIfSaid(text, "member", cluster.member());
    text.put("slots", cluster.slots());
    if (!cluster.sites().isEmpty()) {
      text.put("sites", sites(cluster));
    }
    text.put("ttl", written(cluster.ttl()));
    text.put("alone", cluster.pollsAlone() ? "poll" : "stop");
    text.put("replicas", cluster.replicas());
    if (cluster.tls() != null) {
      Map<String, Object> tls = new LinkedHashMap<>();
      putIfSaid(tls, "authorities", cluster.tls().clients());
      putIfSaid(tls, "certificate", cluster.tls().certificate());
      putIfSaid(tls, "key", cluster.tls().key());
      text.put("tls", tls);
    }
    ClusterSettings.Credentials credentials = cluster.credentials();
    putIfSaid(text, "user", credentials.user());
    putIfSaid(text, "password", credentials.password());
    putIfSaid(text, "token", credentials.token());
    putIfSaid(text, "nkey", credentials.nkey());
    putIfSaid(text, "credentials", credentials.file());
    return text;
  }

  private static Map<String, Object> sites(ClusterSettings cluster) {
    Map<String, Object> text = new LinkedHashMap<>();
    cluster.sites().forEach(site -> text.put(site.name(), site.patterns()));
    return text;
  }

  private static void putIfSaid(Map<String, Object> text, String key, Object value) {
    if (value != null) {
      text.put(key, value);
    }
  }

  private static String written(InetSocketAddress address) {
    return InetAddresses.toUriString(address.getAddress()) + ":" + address.getPort();
  }

  private static Map<String, Object> mount(Configuration.Mount mount) {
    Map<String, Object> text = new LinkedHashMap<>();
    text.put("owner", mount.uid());
    text.put("group", mount.gid());
    text.put("mode", String.format("%04o", mount.mode()));
    text.put("allow-other", mount.allowOther());
    return text;
  }

  private static Map<String, Object> attach(Configuration.Attach attach) {
    Map<String, Object> text = new LinkedHashMap<>();
    text.put("enabled", attach.enabled());
    text.put("mode", String.format("%04o", attach.socket().mode()));
    text.put("group", attach.socket().gid());
    if (attach.socket().path() != null) {
      text.put("socket", attach.socket().path());
    }
    text.put("clients", attach.clients().all());
    text.put("clients-of-user", attach.clients().ofUser());
    text.put("requests", attach.room().requests());
    text.put("bytes", attach.room().bytes());
    text.put("memory", attach.memory());
    return text;
  }

  private static Map<String, Object> ahead(int values) {
    return values > 0 ? Map.of("values", values) : Map.of("enabled", false);
  }

  private static Map<String, Object> backend(SystemConfiguration system) {
    Map<String, Object> text = new LinkedHashMap<>(system.settings().shown());
    Limits limits = system.limits();
    text.put("timeout", written(limits.timeout()));
    text.put("retries", limits.retries());
    text.put("first-timeout", written(limits.firstTimeout()));
    text.put("first-retries", limits.firstRetries());
    text.put("max-in-flight", limits.maxInFlight());
    text.put("max-batch", limits.maxBatch());
    if (limits.rate() != null) {
      text.putAll(rate(limits.rate()));
    }
    return text;
  }

  private static Map<String, Object> rate(Rate rate) {
    Map<String, Object> text = new LinkedHashMap<>();
    text.put(PartialLimits.RATE, rate.perSecond());
    text.put(PartialLimits.BURST, rate.burst());
    return text;
  }

  private static Map<String, Object> write(SystemConfiguration system) {
    Map<String, Object> text = new LinkedHashMap<>();
    text.put("allow", system.write().allowed().texts());
    if (!system.write().settings().equals(system.settings())) {
      text.put(system.backend(), system.write().settings().shown());
    }
    return text;
  }

  private static Map<String, Object> ttl(SystemConfiguration system) {
    Map<String, Object> text = new LinkedHashMap<>();
    new TreeMap<>(system.lifetime().classes())
        .forEach((ttl, time) -> text.put(ttl.name().toLowerCase(Locale.ROOT), written(time)));
    text.put("grace", system.lifetime().grace());
    return text;
  }

  private static String written(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + "s"
        : duration.toMillis() + "ms";
  }
}
