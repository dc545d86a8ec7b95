package org.aeiou.daemon.catalogue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AttributePatternsTest {

  @ParameterizedTest
  @CsvSource({
    "system/sysLocation, system, '', sysLocation, true",
    "system/sysLocation, system, '', sysName, false",
    "system/*, system, '', sysName, true",
    "*/*, system, '', sysName, true",
    "*/*, interfaces, eth0, ifAdminStatus, false",
    "interfaces/*/ifAdminStatus, interfaces, eth0, ifAdminStatus, true",
    "interfaces/*/ifAdminStatus, system, '', ifAdminStatus, false",
    "interfaces/Gi1∕*/ifAl*s, interfaces, Gi1∕0∕6, ifAlias, true",
    "interfaces/Gi1∕*/ifAl*s, interfaces, Gi2∕0∕6, ifAlias, false",
    "interfaces/*.1/ifAlias, interfaces, eth0.1, ifAlias, true",
    "interfaces/*.1/ifAlias, interfaces, eth0-1, ifAlias, false",
    "interfaces/a*b*c/ifAlias, interfaces, abc, ifAlias, true",
    "interfaces/a*b*c/ifAlias, interfaces, acb, ifAlias, false",
  })
  void aStarStandsForAnyCharactersWithinAName(
      String pattern, String group, String row, String attribute, boolean expected) {
    assertThat(new AttributePatterns(List.of(pattern)).match(group, row, attribute))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "system", "/system/sysName", "system/", "a/b/c/d", "a//b"})
  void whatIsNoPathOfAnAttributeIsNoPattern(String text) {
    assertThatThrownBy(() -> AttributePatterns.check(text))
        .hasMessageContaining("expected GROUP/ATTRIBUTE or TABLE/ROW/COLUMN");
  }

  @Test
  void ofNoPatternNothingIsNamed() {
    assertThat(AttributePatterns.NONE.match("system", "", "sysLocation")).isFalse();
  }
}
