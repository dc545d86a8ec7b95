package org.aeiou.daemon.cluster;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import org.aeiou.daemon.cluster.member.Members;
import org.aeiou.daemon.cluster.member.Owner;
import org.aeiou.daemon.cluster.member.Slots;

/**
 * Where the systems of a site are asked from.
 *
 * @param slots how many slots it has
 * @param near how many of them a member of the site owns
 * @param far how many of them another member owns
 */
record SiteShare(String site, int slots, int near, int far) {

  /** Of each site, in their order. */
  static List<SiteShare> all(Members members) {
    return members.slots().ranges().stream()
        .filter(range -> !range.site().isEmpty())
        .map(range -> of(range, members))
        .toList();
  }

  private static SiteShare of(Slots.Range range, Members members) {
    int near = 0;
    int far = 0;
    for (int slot = range.begin(); slot < range.end(); slot++) {
      Owner owner = members.of(slot);
      if (owner != null) {
        boolean isNear = owner.member().site().equals(range.site());
        near += isNear ? 1 : 0;
        far += isNear ? 0 : 1;
      }
    }
    return new SiteShare(range.site(), range.size(), near, far);
  }

  /** For people, in a line. */
  String line() {
    return site
        + " has "
        + slots
        + " slots, "
        + (near == slots ? "all" : near + " of them")
        + " owned there"
        + (far == 0 ? "" : ", " + far + " elsewhere");
  }

  void writeTo(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("site", site);
    json.writeNumberField("slots", slots);
    json.writeNumberField("near", near);
    json.writeNumberField("far", far);
    json.writeEndObject();
  }
}
