package org.aeiou.daemon.cli.mounting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.aeiou.daemon.app.MountedDaemon.ChannelKind;
import org.junit.jupiter.api.Test;

/** Options of a mount, as mount(8) and fstab(5) give them. */
class MountChoicesTest {
  private static MountChoices choices(String list) throws Exception {
    return MountChoices.of(OptionList.of(list, false)).with(null, false, false, null);
  }

  private static void refused(String list, String... words) {
    assertThatThrownBy(() -> choices(list)).as(list).hasMessageContainingAll(words);
  }

  @Test
  void allThatTheCommandTakesCanBeSaidInTheList() throws Exception {
    MountChoices choices =
        choices(
            "ro,allow_other,uid=ops,gid=1000,mode=0440,channel=jnr-fuse,no_kernel_cache,"
                + "log=/var/log/net.log,verbose");

    assertThat(choices)
        .isEqualTo(
            new MountChoices(
                choices.mount(),
                List.of(),
                true,
                ChannelKind.JNR_FUSE,
                true,
                true,
                Path.of("/var/log/net.log")));
    assertThat(choices.asYaml())
        .isEqualTo("{mount: {allow-other: true, owner: \"ops\", group: \"1000\", mode: \"0440\"}}");
  }

  @Test
  void whatAMemberOfAClusterIsCanBeSaidInTheList() throws Exception {
    MountChoices choices = choices("role=read,site=lon / rack 3,member=\"a\\\"b\"");
    assertThat(choices.cluster())
        .containsExactly("role: [\"read\"]", "site: \"lon / rack 3\"", "member: \"a\\\\\\\"b\"");
    assertThat(choices("role=\"poll,read\"").asYaml())
        .isEqualTo("{mount: {}, cluster: {role: [\"poll\", \"read\"]}}");
    refused("site", "'site' takes a value: site=SITE");
    assertThat(choices.inCluster(List.of("site: \"tok\"")).cluster())
        .as("an option of its own counts")
        .containsExactly("site: \"tok\"", "role: [\"read\"]", "member: \"a\\\\\\\"b\"");
  }

  @Test
  void whatOthersKnowIsPassedOver() throws Exception {
    MountChoices none = choices("");
    assertThat(
            choices(
                "defaults,auto,noauto,nofail,_netdev,user,users,nouser,user=ops,owner,group,"
                    + "comment=a network,x-systemd.automount,x-systemd.idle-timeout=1min,X-mount.mkdir,"
                    + "nosuid,suid,nodev,dev,noexec,exec,noatime,relatime,sync,async,rw,,"))
        .isEqualTo(none);
    assertThat(none.asYaml()).isEqualTo("{mount: {}}");
    assertThat(none.channel()).isEqualTo(ChannelKind.AUTO);
  }

  @Test
  void theLastOfTwoThatExcludeEachOtherCounts() throws Exception {
    assertThat(choices("ro,rw").readOnly()).isFalse();
    assertThat(choices("rw,ro").readOnly()).isTrue();
    assertThat(choices("uid=a,uid=b").mount()).containsExactly("owner: \"b\"");
  }

  @Test
  void valueWithACommaStandsInQuotes() throws Exception {
    assertThat(choices("log=\"/var/log/a,b\",ro").log()).isEqualTo(Path.of("/var/log/a,b"));
  }

  @Test
  void whatIsNotKnownIsToldWithWhatThereIs() {
    refused(
        "alow_other", "'alow_other'", "did you mean 'allow_other'?", "there are allow_other, ro");
    refused("nonempty", "'nonempty' is not an option of a mount", "mode=DIGITS");
    refused("uid", "'uid' takes a value: uid=USER");
    refused("ro=1", "'ro' takes no value");
    refused("mode=999", "mode=999: expected three octal digits");
    refused("uid=\"a: {b}\"", "expected the name or number of a user");
    refused("channel=tcp", "'tcp' is not a channel; expected kernel, jnr-fuse or auto");
    refused("remount,ro", "'aeiou reload MOUNTPOINT'");
  }

  @Test
  void sloppyListHasUnknownOptionsAndStillNoWrongValues() throws Exception {
    assertThat(OptionList.of("nonempty,big_writes=3,ro", true).has("ro")).isTrue();
    assertThatThrownBy(() -> OptionList.of("mode", true)).hasMessageContaining("takes a value");
  }

  @Test
  void optionsOfTheirOwnCountBesideTheList() throws Exception {
    MountChoices both =
        MountChoices.of(OptionList.of("channel=kernel,log=/a", false))
            .with(ChannelKind.JNR_FUSE, true, true, Path.of("/b"));
    assertThat(both.channel()).isEqualTo(ChannelKind.JNR_FUSE);
    assertThat(both.log()).isEqualTo(Path.of("/b"));
    assertThat(both.keepNothing() && both.verbose()).isTrue();
  }
}
