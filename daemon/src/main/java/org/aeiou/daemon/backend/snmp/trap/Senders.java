package org.aeiou.daemon.backend.snmp.trap;

import com.google.common.base.Ticker;
import com.google.common.net.InetAddresses;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The systems that may send traps, by the addresses they send from. Any thread may call any method;
 * none waits for a name service.
 */
public final class Senders {
  /** How often names are looked up because of a sender that is not known. */
  private static final long LOOK_UP_NANOS = Duration.ofSeconds(30).toNanos();

  private final BiConsumer<String, Consumer<InetAddress>> resolver;
  private final Ticker ticker;
  private final Map<Sender, InetAddress> addresses = new ConcurrentHashMap<>();
  private final Map<InetAddress, List<Sender>> byAddress = new ConcurrentHashMap<>();

  /** Those that have a host name, which may have any address. */
  private final Map<Sender, Boolean> named = new ConcurrentHashMap<>();

  private final AtomicLong lookUpAt;

  /**
   * No systems.
   *
   * @param resolver gives the address of a host name, or null, at once or later
   */
  public Senders(BiConsumer<String, Consumer<InetAddress>> resolver, Ticker ticker) {
    this.resolver = resolver;
    this.ticker = ticker;
    this.lookUpAt = new AtomicLong(ticker.read());
  }

  /** A system is there. */
  public void add(Sender sender) {
    if (InetAddresses.isInetAddress(sender.host())) {
      isAt(sender, InetAddresses.forString(sender.host()));
    } else {
      named.put(sender, true);
    }
  }

  /** A system is not there any more. */
  public void remove(Sender sender) {
    named.remove(sender);
    InetAddress address = addresses.remove(sender);
    if (address != null) {
      leave(sender, address);
    }
  }

  private void isAt(Sender sender, InetAddress address) {
    InetAddress before = addresses.put(sender, address);
    if (address.equals(before)) {
      return;
    }
    if (before != null) {
      leave(sender, before);
    }
    byAddress.compute(
        address,
        (any, those) -> {
          List<Sender> more = those == null ? new ArrayList<>() : new ArrayList<>(those);
          more.add(sender);
          return List.copyOf(more);
        });
  }

  private void leave(Sender sender, InetAddress address) {
    byAddress.computeIfPresent(
        address,
        (any, those) -> {
          List<Sender> left = those.stream().filter(each -> !each.equals(sender)).toList();
          return left.isEmpty() ? null : left;
        });
  }

  /** The systems at an address. If there are none, names are looked up for the next time. */
  List<Sender> at(InetAddress address) {
    List<Sender> known = byAddress.getOrDefault(address, List.of());
    if (known.isEmpty()) {
      lookUp();
    }
    return known;
  }

  /** Looks names up, so that their addresses are known. */
  public void lookUp() {
    long now = ticker.read();
    long at = lookUpAt.get();
    if (named.isEmpty() || now - at < 0 || !lookUpAt.compareAndSet(at, now + LOOK_UP_NANOS)) {
      return;
    }
    for (Sender sender : named.keySet()) {
      resolver.accept(
          sender.host(),
          address -> {
            if (address != null && named.containsKey(sender)) {
              isAt(sender, address);
            }
          });
    }
  }

  /** The systems whose engine has this id, as far as that is known. Looks at all of them. */
  List<Sender> ofEngine(byte[] id, String user) {
    List<Sender> those = new ArrayList<>();
    for (Sender sender : addresses.keySet()) {
      if (sender.user() != null
          && sender.user().name().equals(user)
          && Arrays.equals(sender.engineId().get(), id)) {
        those.add(sender);
      }
    }
    return those;
  }
}
