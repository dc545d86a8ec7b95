package org.aeiou.daemon.simulator;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import org.aeiou.daemon.backend.Oid;
import org.aeiou.daemon.backend.Value;
import org.aeiou.daemon.simulator.objects.ObjectView;
import org.snmp4j.PDU;
import org.snmp4j.PDUv1;
import org.snmp4j.smi.Null;
import org.snmp4j.smi.OID;
import org.snmp4j.smi.Variable;
import org.snmp4j.smi.VariableBinding;

/**
 * Answers one PDU, as RFC 3416 says for v2c and v3, and RFC 1157 with RFC 3584 for v1: a v1 request
 * never sees a Counter64 and never gets an exception in the place of a value.
 */
final class Responder {
  private final PDU request;
  private final PDU response;
  private final ObjectView view;
  private final Faults faults;
  private final boolean v1;

  /** Sets objects; null if they may not be set. */
  private final BiConsumer<Oid, Value> setter;

  private int room;

  private Responder(
      PDU request,
      PDU response,
      ObjectView view,
      Faults faults,
      int room,
      BiConsumer<Oid, Value> setter) {
    this.setter = setter;
    this.request = request;
    this.response = response;
    this.view = view;
    this.faults = faults;
    this.room = room;
    this.v1 = response instanceof PDUv1;
  }

  /**
   * Fills {@code response}.
   *
   * @param response an empty one, of the version's class
   * @param room octets that the variable bindings may take
   * @param setter sets objects, for a requester that may do that; else null
   */
  static void answer(
      PDU request,
      PDU response,
      ObjectView view,
      Faults faults,
      int room,
      BiConsumer<Oid, Value> setter) {
    new Responder(request, response, view, faults, room, setter).answer();
  }

  private void answer() {
    response.setType(PDU.RESPONSE);
    response.setRequestID(request.getRequestID());
    if (request.size() > faults.tooBigAbove()) {
      tooBig();
      return;
    }
    switch (request.getType()) {
      case PDU.GET -> get();
      case PDU.GETNEXT -> getNext();
      case PDU.GETBULK -> getBulk();
      case PDU.SET -> set();
      default -> throw new IllegalArgumentException("PDU type " + request.getType());
    }
  }

  private void get() {
    for (int i = 0; i < request.size(); i++) {
      int[] name = name(i);
      if (fails(name)) {
        error(PDU.genErr, i);
        return;
      }
      var value = view.get(name);
      if (v1 && (value == null || Variables.isCounter64(value))) {
        error(PDU.noSuchName, i);
        return;
      }
      if (!add(name, value == null ? absent(name) : Variables.of(value))) {
        tooBig();
        return;
      }
    }
  }

  private Variable absent(int[] name) {
    return view.knows(name) ? Null.noSuchInstance : Null.noSuchObject;
  }

  private void getNext() {
    for (int i = 0; i < request.size(); i++) {
      ObjectView.Binding next = next(name(i));
      if (next == null && v1) {
        error(PDU.noSuchName, i);
        return;
      }
      if (next != null && fails(next.name())) {
        error(PDU.genErr, i);
        return;
      }
      if (!addNext(name(i), next)) {
        tooBig();
        return;
      }
    }
  }

  private void getBulk() {
    int once = Math.min(Math.max(request.getNonRepeaters(), 0), request.size());
    int[][] names = new int[request.size()][];
    Arrays.setAll(names, this::name);
    if (!repeat(names, 0, once)) {
      return;
    }
    int repeaters = request.size() - once;
    for (int i = request.getMaxRepetitions(); i > 0 && repeaters > 0; i--) {
      boolean goOn = repeat(names, once, request.size());
      if (!goOn || allEnded(repeaters)) {
        return;
      }
    }
  }

  /** One step for each of these names; false if the answer is complete with what it holds. */
  private boolean repeat(int[][] names, int from, int to) {
    for (int i = from; i < to; i++) {
      if (response.size() >= faults.tooBigAbove()) {
        return false;
      }
      ObjectView.Binding next = next(names[i]);
      if (next != null && fails(next.name())) {
        error(PDU.genErr, i);
        return false;
      }
      if (!addNext(names[i], next)) {
        if (response.size() == 0) {
          tooBig();
        }
        return false;
      }
      if (next != null) {
        names[i] = next.name();
      }
    }
    return true;
  }

  private boolean allEnded(int repeaters) {
    for (int i = response.size() - repeaters; i < response.size(); i++) {
      if (response.get(i).getVariable().getSyntax() != Null.endOfMibView.getSyntax()) {
        return false;
      }
    }
    return true;
  }

  /** All of them or none (RFC 3416, section 4.2.5, and RFC 3584, section 4.4, for v1). */
  private void set() {
    List<Value> values = new ArrayList<>();
    for (int i = 0; i < request.size(); i++) {
      int status =
          WritableObjects.check(view, name(i), request.get(i).getVariable(), setter != null);
      if (status == PDU.noError) {
        status = faults.setStatus();
      }
      if (status != PDU.noError) {
        error(v1 ? statusOfV1(status) : status, i);
        return;
      }
      values.add(WritableObjects.value(request.get(i).getVariable()));
    }
    for (int i = 0; i < request.size(); i++) {
      WritableObjects.set(name(i), values.get(i), setter);
    }
    response.setVariableBindings(request.getVariableBindings());
  }

  private static int statusOfV1(int status) {
    return switch (status) {
      case PDU.wrongType, PDU.wrongLength, PDU.wrongValue -> PDU.badValue;
      case PDU.notWritable, PDU.noAccess, PDU.noCreation -> PDU.noSuchName;
      default -> PDU.genErr;
    };
  }

  private ObjectView.Binding next(int[] name) {
    ObjectView.Binding next = view.next(name);
    while (v1 && next != null && Variables.isCounter64(next.value())) {
      next = view.next(next.name());
    }
    return next;
  }

  private boolean addNext(int[] name, ObjectView.Binding next) {
    return next == null
        ? add(name, Null.endOfMibView)
        : add(next.name(), Variables.of(next.value()));
  }

  private boolean add(int[] name, Variable value) {
    VariableBinding binding = new VariableBinding(new OID(name), value);
    room -= binding.getBERLength();
    if (room < 0) {
      return false;
    }
    response.add(binding);
    return true;
  }

  private boolean fails(int[] name) {
    return !faults.genErr().isEmpty() && faults.genErr().contains(Oid.of(name));
  }

  private int[] name(int position) {
    return request.get(position).getOid().getValue();
  }

  /** The bindings come back as they were asked (RFC 3416, section 4.2.1). */
  private void error(int status, int position) {
    response.setVariableBindings(request.getVariableBindings());
    response.setErrorStatus(status);
    response.setErrorIndex(position + 1);
  }

  /** No bindings, or in v1 those of the request (RFC 1157, section 4.1.2). */
  private void tooBig() {
    response.setVariableBindings(v1 ? request.getVariableBindings() : List.of());
    response.setErrorStatus(PDU.tooBig);
    response.setErrorIndex(0);
  }
}
