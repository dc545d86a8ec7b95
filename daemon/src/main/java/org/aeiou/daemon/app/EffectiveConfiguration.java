package org.aeiou.daemon.app;

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
import org.aeiou.daemon.config.Configuration;
import org.aeiou.daemon.config.Configuration.SystemConfiguration;
import org.aeiou.daemon.document.YamlWriter;

/**
 * The configuration in effect, for {@code /.aeiou/config}: defaults filled in, secrets left out.
 */
final class EffectiveConfiguration {
  private EffectiveConfiguration() {}

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
    Budgets budgets = configuration.budgets();
    if (budgets.all() != null) {
      yaml.put("budget", rate(budgets.all()));
    }
    if (!budgets.named().isEmpty()) {
      Map<String, Object> named = new LinkedHashMap<>();
      budgets.named().forEach((name, rate) -> named.put(name, rate(rate)));
      yaml.put("budgets", named);
    }
    if (configuration.traps().isAnywhere()) {
      yaml.put("traps", traps(configuration.traps()));
    }
    yaml.begin("systems");
    for (SystemConfiguration system : configuration.systems().values()) {
      yaml.begin(system.name())
          .put("address", system.settings().address())
          .put(system.backend(), backend(system))
          .put("charset", system.charset().name())
          .put("write", write(system))
          .put("ttl", ttl(system));
      if (system.budget() != null) {
        yaml.put("budget", system.budget());
      }
      yaml.end();
    }
    return yaml.end().toString();
  }

  private static Map<String, Object> traps(Listening traps) {
    Map<String, Object> text = new LinkedHashMap<>();
    List<String> listen = new ArrayList<>();
    for (InetSocketAddress address : traps.addresses()) {
      String host = InetAddresses.toUriString(address.getAddress());
      listen.add(host + ":" + address.getPort());
    }
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
