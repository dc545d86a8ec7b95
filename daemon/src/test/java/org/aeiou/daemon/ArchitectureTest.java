package org.aeiou.daemon;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.ArchRuleDefinition;

/** Imports follow the way of a request: from the kernel to the back end, never back. */
@AnalyzeClasses(packages = "org.aeiou.daemon", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule importsFollowTheWayOfARequest =
      layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("cli")
          .definedBy("org.aeiou.daemon.cli..")
          .layer("app")
          .definedBy("org.aeiou.daemon.app..")
          .layer("config")
          .definedBy("org.aeiou.daemon.config..")
          .layer("document")
          .definedBy("org.aeiou.daemon.document..")
          .layer("metrics")
          .definedBy("org.aeiou.daemon.metrics..")
          .layer("kernel")
          .definedBy("org.aeiou.daemon.kernel..")
          .layer("fuse")
          .definedBy("org.aeiou.daemon.fuse..")
          .layer("portable")
          .definedBy("org.aeiou.daemon.portable..")
          .layer("simulator")
          .definedBy("org.aeiou.daemon.simulator..")
          .layer("attach")
          .definedBy("org.aeiou.daemon.attach..")
          .layer("service")
          .definedBy("org.aeiou.daemon.service..")
          .layer("tree")
          .definedBy("org.aeiou.daemon.tree..")
          .layer("catalogue")
          .definedBy("org.aeiou.daemon.catalogue..")
          .layer("cache")
          .definedBy("org.aeiou.daemon.cache..")
          .layer("backend")
          .definedBy("org.aeiou.daemon.backend..")
          .whereLayer("cli")
          .mayNotBeAccessedByAnyLayer()
          .whereLayer("app")
          .mayOnlyBeAccessedByLayers("cli")
          .whereLayer("config")
          .mayOnlyBeAccessedByLayers("cli", "app")
          .whereLayer("document")
          .mayOnlyBeAccessedByLayers("cli", "app", "config", "catalogue", "backend", "simulator")
          .whereLayer("metrics")
          .mayOnlyBeAccessedByLayers("cli", "app")
          .whereLayer("kernel")
          .mayOnlyBeAccessedByLayers("cli", "app")
          .whereLayer("fuse")
          .mayOnlyBeAccessedByLayers("cli", "app", "kernel", "portable")
          .whereLayer("portable")
          .mayOnlyBeAccessedByLayers("cli", "app")
          .whereLayer("simulator")
          .mayOnlyBeAccessedByLayers("cli", "app")
          .whereLayer("attach")
          .mayOnlyBeAccessedByLayers("cli", "app")
          .whereLayer("service")
          .mayOnlyBeAccessedByLayers("cli", "app", "kernel", "portable", "attach")
          .whereLayer("tree")
          .mayOnlyBeAccessedByLayers("cli", "app", "kernel", "portable", "attach", "service")
          .whereLayer("catalogue")
          .mayOnlyBeAccessedByLayers("cli", "app", "config", "service", "tree")
          .whereLayer("cache")
          .mayOnlyBeAccessedByLayers("cli", "app", "service", "tree")
          .whereLayer("backend")
          .mayOnlyBeAccessedByLayers(
              "cli", "app", "config", "service", "tree", "catalogue", "cache", "simulator");

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
