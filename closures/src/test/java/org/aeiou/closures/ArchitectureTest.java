package org.aeiou.closures;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.concurrent.locks.LockSupport;
import org.aeiou.closures.shard.DynamicThreshold;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  private static final JavaClasses MODULE =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.aeiou.closures");

  @Test
  void closuresKnowsTheJdkGuavaAndJnrFfiOnly() {
    classes()
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "org.aeiou.closures..", "com.google.common..", "jnr.ffi..")
        .check(MODULE);
  }

  @Test
  void packagesFormNoCycle() {
    slices().matching("org.aeiou.(**)").should().beFreeOfCycles().check(MODULE);
  }

  @Test
  void theSchedulerDoesNotKnowGroups() {
    noClasses()
        .that()
        .resideInAPackage("..scheduler..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("..group..")
        .check(MODULE);
  }

  @Test
  void onlyTheSchedulerKnowsWhatAShardIsMadeOf() {
    noClasses()
        .that()
        .resideOutsideOfPackages("..closures.shard..", "..closures.scheduler..")
        .should()
        .dependOnClassesThat(
            resideInAPackage("..closures.shard..").and(not(type(DynamicThreshold.class))))
        .check(MODULE);
  }

  @Test
  void aBackEndNeedsTheRoomOfExchangesOnly() {
    classes()
        .that()
        .resideInAPackage("..closures.exchange..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", "org.aeiou.closures", "org.aeiou.closures.exchange..")
        .check(MODULE);
  }

  @Test
  void nothingHereTakesALock() {
    noClasses()
        .should()
        .dependOnClassesThat(
            resideInAPackage("java.util.concurrent.locks").and(not(type(LockSupport.class))))
        .check(MODULE);
    noMethods().should().haveModifier(JavaModifier.SYNCHRONIZED).check(MODULE);
  }
}
