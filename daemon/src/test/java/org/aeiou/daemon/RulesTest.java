package org.aeiou.daemon;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.google.common.base.Ticker;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;

/** The rules that keep the design honest, as far as classes show them. */
@AnalyzeClasses(packages = "org.aeiou.daemon", importOptions = DoNotIncludeTests.class)
class RulesTest {
  /** Agents that are simulated for measuring are on the other side of the network. */
  private static final String OTHER_SIDE = "org.aeiou.daemon.simulator..";

  /** Real time decides when it looks, the injected one what is late. */
  private static final String RECEIVE_LOOP = "org.aeiou.daemon.backend.snmp.ReceiveLoop";

  /** What puts the program together, and the channels for a program that uses one alone. */
  private static final String TIME_ENTERS =
      "org\\.aeiou\\.daemon\\.(app\\.Daemon|logging\\.Logging|cli\\.Main|kernel\\.KernelChannel|portable\\.PortableChannel)";

  @ArchTest
  static final ArchRule rule7NobodyLooksAtAClockOrWaitsByOne =
      noClasses()
          .that()
          .resideOutsideOfPackage(OTHER_SIDE)
          .and()
          .doNotHaveFullyQualifiedName(RECEIVE_LOOP)
          .should()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(Instant.class, "now")
          .orShould()
          .callMethod(Thread.class, "sleep", long.class);

  @ArchTest
  static final ArchRule rule7NobodyThrowsDice =
      noClasses()
          .that()
          .resideOutsideOfPackage(OTHER_SIDE)
          .should()
          .callMethod(Math.class, "random")
          .orShould()
          .callConstructor(Random.class)
          .orShould()
          .dependOnClassesThat()
          .areAssignableTo(ThreadLocalRandom.class);

  @ArchTest
  static final ArchRule rule7TimeAndRandomnessEnterInFewPlaces =
      noClasses()
          .that()
          .resideOutsideOfPackage(OTHER_SIDE)
          .and()
          .haveNameNotMatching(TIME_ENTERS)
          .should()
          .callMethod(Ticker.class, "systemTicker")
          .orShould()
          .callMethod(InstantSource.class, "system")
          .orShould()
          .callConstructor(SplittableRandom.class);
}
