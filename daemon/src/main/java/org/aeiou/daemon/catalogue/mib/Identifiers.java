package org.aeiou.daemon.catalogue.mib;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.catalogue.mib.MibModule.Definition;
import org.aeiou.daemon.catalogue.mib.MibModule.Node;
import org.aeiou.daemon.catalogue.mib.MibModule.ObjectType;
import org.aeiou.daemon.catalogue.mib.MibModule.Step;

/**
 * Which object identifiers names have. A name leads to its parent, from module to module, until one
 * is known; the way is bounded and may not come back to itself. For one thread.
 */
final class Identifiers {
  /**
   * More than an object identifier has parts: each name on the way adds one, or is another name.
   */
  private static final int MOST_STEPS = 300;

  private final Modules modules;
  private final StandardNames standard;

  /** By definition; a failure where there is none. */
  private final IdentityHashMap<Definition, Result> known = new IdentityHashMap<>();

  /**
   * The identifier, or why there is none.
   *
   * @param oid null if it is not known
   * @param missing the name that is not defined; null if all are
   * @param module the module that says it
   * @param why in words, if no name is missing
   */
  record Result(Oid oid, String missing, MibModule module, String why) {
    static Result of(Oid oid) {
      return new Result(oid, null, null, null);
    }
  }

  Identifiers(Modules modules, StandardNames standard) {
    this.modules = modules;
    this.standard = standard;
  }

  /** A definition on the way up, with the parent found so far. */
  private record Frame(MibModule module, Definition definition, List<Step> value) {}

  /** The identifier of what a module defines. */
  Result of(MibModule module, Definition definition) {
    List<Frame> way = new ArrayList<>();
    MibModule in = module;
    Definition now = definition;
    Result result = null;
    while (result == null) {
      result = known.get(now);
      if (result != null) {
        break;
      }
      if (way.size() == MOST_STEPS) {
        result = new Result(null, null, in, "leads back to itself, or is too deep");
        break;
      }
      List<Step> value = value(now);
      if (value.isEmpty()) {
        result = new Result(null, null, in, "'" + now.name() + "' is no object");
        break;
      }
      Frame frame = new Frame(in, now, value);
      way.add(frame);
      Step first = value.get(0);
      if (first.name() == null) {
        result = Result.of(Oid.EMPTY);
        break;
      }
      Modules.Found parent = find(in, first.name(), now);
      if (parent != null) {
        in = parent.module();
        now = parent.definition();
      } else {
        result = outside(in, first);
      }
    }
    for (int i = way.size() - 1; i >= 0; i--) {
      Frame frame = way.get(i);
      result = result.oid() == null ? result : below(result.oid(), frame);
      known.put(frame.definition(), result);
    }
    return result;
  }

  private static List<Step> value(Definition definition) {
    return definition instanceof Node node
        ? node.value()
        : definition instanceof ObjectType object ? object.value() : List.of();
  }

  /** What a name means that is the parent of another; nothing is its own parent. */
  private Modules.Found find(MibModule in, String name, Definition of) {
    Modules.Found found = modules.find(in, name);
    if (isUsable(found, of)) {
      return found;
    }
    if (standard.oid(name, in.imports().get(name)) != null) {
      return null;
    }
    found = modules.only(in, name);
    return isUsable(found, of) ? found : null;
  }

  private static boolean isUsable(Modules.Found found, Definition of) {
    return found != null && !value(found.definition()).isEmpty() && !isSame(found.definition(), of);
  }

  @SuppressWarnings("ReferenceEquality")
  private static boolean isSame(Definition one, Definition other) {
    return one == other;
  }

  private Result outside(MibModule in, Step first) {
    Oid oid = standard.oid(first.name(), in.imports().get(first.name()));
    if (oid != null) {
      return Result.of(oid);
    }
    return first.number() >= 0
        ? Result.of(Oid.of((int) first.number()))
        : new Result(null, first.name(), in, null);
  }

  /** What the steps behind the first make of what that is. */
  private Result below(Oid parent, Frame frame) {
    Oid oid = parent;
    List<Step> value = frame.value();
    for (int i = value.get(0).name() == null ? 0 : 1; i < value.size(); i++) {
      Step step = value.get(i);
      if (oid.length() == Oid.MAX_LENGTH) {
        return new Result(null, null, frame.module(), "is longer than an object identifier can be");
      }
      if (step.number() >= 0) {
        oid = oid.append((int) step.number());
      } else {
        Oid named = standard.oid(step.name(), null);
        if (named == null || !named.startsWith(oid)) {
          return new Result(null, step.name(), frame.module(), null);
        }
        oid = named;
      }
    }
    return oid.isEncodable() || oid.length() < 2
        ? Result.of(oid)
        : new Result(null, null, frame.module(), oid + " is no object identifier");
  }
}
