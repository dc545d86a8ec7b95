package org.aeiou.daemon.kernel;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Bytes, session and device do not know each other's business. */
final class LayersTest {
  private static final JavaClasses KERNEL =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("org.aeiou.daemon.kernel");

  private static final List<String> DEVICE =
      List.of(
          "LibC",
          "FuseDevice",
          "MountPoint",
          "MountProbe",
          "Pinned",
          "MountTable",
          "Mounting",
          "SystemCallMounting",
          "FusermountMounting",
          "KernelChannel");

  private static DescribedPredicate<JavaClass> device() {
    return describe(
        "are about the device", type -> DEVICE.contains(outermost(type).getSimpleName()));
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(LayersTest::outermost).orElse(type);
  }

  @Test
  void layoutsKnowOnlyBytes() {
    classes()
        .that()
        .haveSimpleNameEndingWith("Descriptor")
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage("java..").or(layout()))
        .check(KERNEL);
  }

  private static DescribedPredicate<JavaClass> layout() {
    return describe("are layouts", type -> type.getSimpleName().endsWith("Descriptor"));
  }

  @Test
  void sessionKnowsNothingOfDevicesAndMounts() {
    noClasses()
        .that()
        .resideInAPackage("org.aeiou.daemon.kernel")
        .and(DescribedPredicate.not(device()))
        .should()
        .dependOnClassesThat(device().or(resideInAnyPackage("jnr.ffi..", "jnr.posix..")))
        .check(KERNEL);
  }
}
