package org.aeiou.daemon;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;

/** What single rooms must not know; {@link RoomsTest} holds all of them to their picture. */
@AnalyzeClasses(packages = "org.aeiou.daemon", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule roomsHaveNoCycles =
      slices().matching("org.aeiou.daemon.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule onlyTheSnmpRoomsKnowSnmp =
      ArchRuleDefinition.noClasses()
          .that()
          .resideOutsideOfPackages(
              "org.aeiou.daemon.backend.snmp..", "org.aeiou.daemon.simulator..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.snmp4j..");

  @ArchTest
  static final ArchRule onlyTheListOfBackEndsAndTheSimulatorKnowTheSnmpBackEnd =
      ArchRuleDefinition.noClasses()
          .that()
          .resideOutsideOfPackages(
              "org.aeiou.daemon.backend.snmp..", "org.aeiou.daemon.simulator..")
          .and()
          .doNotHaveFullyQualifiedName("org.aeiou.daemon.app.Backends")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.aeiou.daemon.backend.snmp..");

  @ArchTest
  static final ArchRule onlyTheRoomOfMetricsKnowsTheClientOfPrometheus =
      ArchRuleDefinition.noClasses()
          .that()
          .resideOutsideOfPackage("org.aeiou.daemon.metrics")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.prometheus..");

  @ArchTest
  static final ArchRule messagesKnowNeitherQuestionsNorSockets =
      ArchRuleDefinition.noClasses()
          .that()
          .resideInAPackage("org.aeiou.daemon.backend.snmp.message")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("org.aeiou.daemon.backend.Question")
          .orShould()
          .dependOnClassesThat()
          .resideInAnyPackage("org.aeiou.daemon.backend.snmp", "java.nio.channels..", "java.net..");

  @ArchTest
  static final ArchRule bytesKnowNoFileSystem =
      ArchRuleDefinition.classes()
          .that()
          .resideInAPackage("org.aeiou.daemon.fuse")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..", "jnr.constants..", "org.aeiou.closures", "org.aeiou.daemon.fuse");

  @ArchTest
  static final ArchRule mountingKnowsNoFileSystem =
      ArchRuleDefinition.classes()
          .that()
          .resideInAPackage("org.aeiou.daemon.fuse.mount")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "jnr..",
              "org.slf4j..",
              "com.google.common..",
              "org.aeiou.closures.metric..",
              "org.aeiou.closures.posix..",
              "org.aeiou.daemon.fuse..");

  @ArchTest
  static final ArchRule coherenceKnowsNoSessionAndNoDevice =
      ArchRuleDefinition.noClasses()
          .that()
          .resideInAPackage("org.aeiou.daemon.kernel.coherence")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.aeiou.daemon.kernel", "org.aeiou.daemon.fuse.mount", "jnr..");
}
