package org.aeiou.closures.bench;

import java.util.Collection;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/** Runs {@link ImmediateBenchmark} and prints the one number that matters: the ratio. */
public final class ImmediateRatio {

  private ImmediateRatio() {}

  /** Runs it with the allocation profiler. */
  public static void main(String[] args) throws RunnerException {
    Collection<RunResult> results =
        new Runner(
                new OptionsBuilder()
                    .include(ImmediateBenchmark.class.getSimpleName())
                    .addProfiler(GCProfiler.class)
                    .build())
            .run();
    RunResult limit = of(results, "getAndCall");
    RunResult group = of(results, "groupSubmit");
    print("get and a call", limit);
    print("through a group", group);
    System.out.printf(
        "ratio of means %.2f, of the best iterations %.2f (target: 2 or less)%n",
        mean(group) / mean(limit), best(group) / best(limit));
  }

  private static RunResult of(Collection<RunResult> results, String method) {
    return results.stream()
        .filter(r -> r.getPrimaryResult().getLabel().equals(method))
        .findFirst()
        .orElseThrow();
  }

  private static void print(String what, RunResult result) {
    double bytes = result.getSecondaryResults().get("gc.alloc.rate.norm").getScore();
    System.out.printf(
        "%-16s %6.1f ns in the mean, %6.1f ns at best, %.3f B%n",
        what, mean(result), best(result), bytes);
  }

  private static double mean(RunResult result) {
    return result.getPrimaryResult().getScore();
  }

  private static double best(RunResult result) {
    return result.getPrimaryResult().getStatistics().getMin();
  }
}
