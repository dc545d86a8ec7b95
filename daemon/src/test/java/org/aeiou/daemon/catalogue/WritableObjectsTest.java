package org.aeiou.daemon.catalogue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.aeiou.daemon.backend.Oid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WritableObjectsTest {
  private static final Catalogue CATALOGUE = Catalogue.load(List.of());

  private static String doubt(String pattern, String object) {
    List<String> patterns = pattern == null ? List.of() : List.of(pattern);
    WritableObjects objects = new WritableObjects(CATALOGUE, new AttributePatterns(patterns));
    Oid named = CATALOGUE.named(object);
    return objects.doubt(named == null ? Oid.parse(object) : named);
  }

  @ParameterizedTest
  @CsvSource({
    "system/sysLocation, sysLocation.0",
    "system/*, sysName.0",
    "*/*, sysName.0",
    "interfaces/*/ifAdminStatus, ifAdminStatus.3",
    "interfaces/*/ifAlias, ifAlias.3",
    "*/*/*, ifAlias.3",
  })
  void whatAPatternNamesMayBeSet(String pattern, String object) {
    assertThat(doubt(pattern, object)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    ", sysLocation.0",
    "system/sysLocation, sysName.0",
    "system/sysLocation, sysLocation.1",
    "system/sysLocation, sysLocation.0.1",
    "*/*, ifAdminStatus.3",
    "*/*/*, sysName.0",
    "interfaces/*/ifAdminStatus, ifAlias.3",
    "interfaces/*/ifAdminStatus, ifAdminStatus",
    "system/*, sysUpTime.0",
    "interfaces/*/*, ifOperStatus.3",
    "*/*, 1.3.6.1.4.1.99999.1.0",
    "*/*/*, 1.3.6.1.4.1.99999.1.0",
  })
  void whatNoneNamesOrNoMibLetsBeWrittenMayNot(String pattern, String object) {
    assertThat(doubt(pattern, object)).isNotNull();
  }

  @Test
  void aPatternOfOneRowLetsAnyRowPassAsItsLabelIsNotKnownFromTheObject() {
    assertThat(doubt("interfaces/eth0/ifAdminStatus", "ifAdminStatus.7")).isNull();
    assertThat(doubt("interfaces/eth0/ifAdminStatus", "ifAlias.7")).isNotNull();
  }

  @Test
  void itIsSaidWhatMayNotBeSetAndWhatToDo() {
    assertThat(doubt("system/sysLocation", "sysName.0"))
        .isEqualTo(
            "system/sysName (1.3.6.1.2.1.1.5.0) may not be written: no pattern of"
                + " 'write: {allow: […]}' in the configuration of the member that owns the system"
                + " names it; name it there, and reload");
    assertThat(doubt("*/*", "sysUpTime.0")).contains("sysUpTime").contains("is read-only");
    assertThat(doubt("*/*", "1.3.6.1.4.1.99999.1.0"))
        .startsWith("1.3.6.1.4.1.99999.1.0 is of no attribute of the catalogue");
  }
}
