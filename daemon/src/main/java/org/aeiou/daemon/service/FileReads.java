package org.aeiou.daemon.service;

import com.google.common.base.Ticker;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.aeiou.closures.Closure;
import org.aeiou.closures.Failure;
import org.aeiou.closures.Outcome;
import org.aeiou.closures.Request;
import org.aeiou.closures.scheduler.RequesterBurst;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.cache.Freshness;
import org.aeiou.daemon.endpoint.Endpoint;
import org.aeiou.daemon.service.FileSystem.Content;
import org.aeiou.daemon.service.ahead.ReadAhead;
import org.aeiou.daemon.service.fetch.AttributeRead;
import org.aeiou.daemon.service.fetch.CachedFetch;
import org.aeiou.daemon.service.fetch.ScalarRead;
import org.aeiou.daemon.service.group.GroupRead;
import org.aeiou.daemon.service.group.GroupReading;
import org.aeiou.daemon.service.group.WalkedGroup;
import org.aeiou.daemon.tree.AttributeFile;
import org.aeiou.daemon.tree.Directory;
import org.aeiou.daemon.tree.GroupFile;
import org.aeiou.daemon.tree.MonitoredSystem;
import org.aeiou.daemon.tree.Node;
import org.aeiou.daemon.tree.TextFile;

/**
 * Reads files, values and groups of them: inside the call if the cache has them, or nothing must be
 * asked; otherwise when their system has answered.
 */
final class FileReads {
  private final CachedFetch fetch;
  private final ContentRenderer renderer;

  /** One object for all reads. */
  private final BiFunction<AttributeFile, Outcome<Value>, Outcome<Content>> contents;

  private final Map<Value.Rows, WalkedGroup.NamedRows> rowNames = WalkedGroup.names();
  private final Ticker ticker;

  FileReads(CachedFetch fetch, ContentRenderer renderer, Ticker ticker) {
    this.fetch = fetch;
    this.renderer = renderer;
    this.contents = renderer::of;
    this.ticker = ticker;
  }

  /**
   * Reads a whole file.
   *
   * @param alongside brings along what may be read next; null for nothing
   */
  <C> Request read(
      ReadAhead alongside,
      RequesterBurst burst,
      Node file,
      Closure<Content, C> closure,
      C context) {
    if (file instanceof TextFile text) {
      closure.run(context, renderer.of(text), false);
      return Request.IMMEDIATE;
    }
    if (file instanceof GroupFile group) {
      return whole(burst, group, closure, context);
    }
    AttributeFile attribute = (AttributeFile) file;
    Endpoint endpoint = attribute.system().endpoint();
    if (alongside == null
        && attribute.locator() == null
        && endpoint != null
        && !attribute.isDerived()) {
      Freshness freshness = attribute.freshness(endpoint.lifetimes());
      return fetch.read(
          attribute, freshness, burst, new ScalarRead<>(attribute, contents, closure, context));
    }
    return value(
        alongside,
        burst,
        attribute,
        (given, outcome, delayed) -> closure.run(given, renderer.of(attribute, outcome), delayed),
        context);
  }

  /**
   * Reads an attribute's value, as the system gave it.
   *
   * @param alongside brings along what may be read next; null for nothing
   */
  <C> Request value(
      ReadAhead alongside,
      RequesterBurst burst,
      AttributeFile file,
      Closure<Value, C> closure,
      C context) {
    Endpoint endpoint = file.system().endpoint();
    if (endpoint == null) {
      closure.run(context, removed(file.system()), false);
      return Request.IMMEDIATE;
    }
    Freshness freshness = endpoint.lifetimes().of(file.attribute());
    return new AttributeRead<>(fetch, alongside, file, freshness, burst, closure, context).start();
  }

  /**
   * Reads many attributes as one request.
   *
   * @param columns their names; null for all that there are
   * @param freshOnly whether it waits for what is not fresh, rather than take what is stale
   */
  <C> Request group(
      RequesterBurst burst,
      Directory directory,
      List<String> columns,
      boolean freshOnly,
      Closure<GroupReading, C> closure,
      C context) {
    GroupRead<C> read = new GroupRead<>(fetch, rowNames, ticker, burst, closure, context);
    return (freshOnly ? read.freshOnly() : read).start(directory, columns);
  }

  private <C> Request whole(
      RequesterBurst burst, GroupFile file, Closure<Content, C> closure, C context) {
    Endpoint endpoint = file.system().endpoint();
    if (endpoint == null) {
      closure.run(context, removed(file.system()), false);
      return Request.IMMEDIATE;
    }
    return fetch.ask(
        file.system(),
        file.view(),
        file,
        file.question(),
        file.freshness(endpoint.lifetimes()),
        burst,
        (given, outcome, delayed) -> {
          if (outcome instanceof Failure<Value> failure) {
            endpoint.cache().failed(file.question(), failure);
          }
          closure.run(given, renderer.of(file, outcome), delayed);
        },
        context);
  }

  private static <T> Outcome<T> removed(MonitoredSystem system) {
    return new Failure<>(
        Failure.Reason.UNKNOWN_NAME, system.name() + " was taken out of the configuration");
  }
}
