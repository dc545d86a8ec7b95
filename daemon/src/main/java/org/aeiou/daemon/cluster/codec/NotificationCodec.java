package org.aeiou.daemon.cluster.codec;

import java.util.ArrayList;
import java.util.List;
import org.aeiou.daemon.backend.Notification;
import org.aeiou.daemon.backend.Oid;

/** Notifications of systems as bytes. */
public final class NotificationCodec {
  private NotificationCodec() {}

  public static void write(Output out, Notification notification) {
    out.number(notification.systems().size());
    notification.systems().forEach(out::text);
    out.oid(notification.name());
    out.number(notification.objects().size());
    for (Notification.Named object : notification.objects()) {
      out.oid(object.oid());
      ValueCodec.write(out, object.value());
    }
    FieldCodec.write(out, notification.details());
  }

  public static Notification read(Input in) throws MalformedMessage {
    List<String> systems = in.texts();
    Oid name = in.oid();
    int named = in.count();
    List<Notification.Named> objects = new ArrayList<>();
    for (int i = 0; i < named; i++) {
      in.takes(32);
      objects.add(new Notification.Named(in.oid(), ValueCodec.read(in)));
    }
    return new Notification(systems, name, objects, FieldCodec.read(in));
  }
}
