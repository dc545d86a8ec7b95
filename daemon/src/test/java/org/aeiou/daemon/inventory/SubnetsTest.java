package org.aeiou.daemon.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubnetsTest {

  @Test
  void aSubnetHasAllAddressesButItsOwnAndItsBroadcast() {
    assertThat(Subnets.addresses(List.of("10.1.0.5/30"))).containsExactly("10.1.0.5", "10.1.0.6");
    assertThat(Subnets.addresses(List.of("255.255.255.254/31", "10.0.0.1")))
        .containsExactly("255.255.255.254", "255.255.255.255", "10.0.0.1");
    assertThat(Subnets.addresses(List.of("10.1.0.0/16"))).hasSize(65_534);
    assertThat(Subnets.addresses(List.of("2001:db8::/126")))
        .containsExactly("2001:db8::", "2001:db8::1", "2001:db8::2", "2001:db8::3");
    assertThat(Subnets.addresses(List.of("10.0.0.0/30", "10.0.0.0/29"))).hasSize(6);
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.0.0/33, is not a subnet",
    "10.1.0/24, is not a subnet",
    "core1, is not a subnet",
    "10.1.0.0/, is not a subnet",
    "10.0.0.0/8, has too many addresses",
    "2001:db8::/64, has too many addresses",
    "0.0.0.0/0, has too many addresses"
  })
  void whatIsNoSubnetOrTooLargeIsNamed(String subnet, String why) {
    assertThatThrownBy(() -> Subnets.addresses(List.of(subnet)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("'" + subnet + "' " + why);
  }
}
