package org.aeiou.daemon.cluster.owner;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.aeiou.closures.Failure;
import org.aeiou.closures.exchange.Answer;
import org.aeiou.closures.exchange.Exchange;
import org.aeiou.closures.exchange.Exchanger;
import org.aeiou.daemon.backend.Question;
import org.aeiou.daemon.backend.Value;
import org.junit.jupiter.api.Test;

class GuardedExchangerTest extends OwnerFixture {
  private final List<Question> asked = new ArrayList<>();
  private final List<Answer<Value>> answers = new ArrayList<>();

  /** Why nothing may be set; null if all may. */
  private String doubt;

  private final Exchanger<Question, Value> guarded =
      owned.guard(
          "core1",
          new Exchanger<>() {
            @Override
            public Object kind(Question key) {
              return null;
            }

            @Override
            public void start(Exchange<Question, Value> exchange) {
              asked.add(exchange.items().get(0).key());
            }

            @Override
            public boolean repeat(Exchange<Question, Value> exchange) {
              return true;
            }
          },
          object -> doubt);

  private Exchange<Question, Value> exchange(Question question) {
    return new Exchange<>() {
      @Override
      public List<Item<Question>> items() {
        return List.of(new Item<>(question, null));
      }

      @Override
      public long timeoutNanos() {
        return 1_000 * MILLI;
      }

      @Override
      public int attempt() {
        return 1;
      }

      @Override
      public boolean answer(Answer<Value> answer) {
        return answers.add(answer);
      }
    };
  }

  private Failure<Value> refused() {
    assertThat(answers).hasSize(1);
    return ((Answer.NotAsked<Value>) answers.get(0)).failure();
  }

  @Test
  void theOwnerAsks() {
    guarded.start(exchange(NAME));
    guarded.start(exchange(set().question()));
    assertThat(asked).hasSize(2);
    assertThat(answers).isEmpty();
  }

  @Test
  void withoutAuthorityNothingIsAskedAndThatSaysNothingOfTheSystem() {
    reads = null;
    guarded.start(exchange(NAME));
    assertThat(asked).isEmpty();
    assertThat(refused().reason()).isEqualTo(Failure.Reason.UNREACHABLE);
    assertThat(refused().message())
        .isEqualTo("core1 was not asked: this member does not own it any more");
    assertThat(count("guarded")).isEqualTo(1);
  }

  @Test
  void whatWasSentIsNotSentAgainWithoutAuthority() {
    assertThat(guarded.repeat(exchange(NAME))).isTrue();
    reads = null;
    assertThat(guarded.repeat(exchange(NAME))).isFalse();
  }

  @Test
  void withoutABrokerItReadsAndDoesNotWrite() {
    writes = null;
    guarded.start(exchange(NAME));
    assertThat(asked).hasSize(1);
    guarded.start(exchange(set().question()));
    assertThat(asked).hasSize(1);
    assertThat(Failure.mayHaveHappened(refused().reason())).isFalse();
    assertThat(count("guardedWrites")).isEqualTo(1);
  }

  @Test
  void anotherMembersWriteIsDoneByTheOwnershipThatItNamedAndByNoLaterOne() {
    owned.ask("a", ask(1, set()), 0);
    Question set = core1.asked().get(0);
    writes = SECOND;
    reads = SECOND;
    guarded.start(exchange(set));
    assertThat(asked).isEmpty();
    assertThat(refused().message())
        .isEqualTo("core1 was not written to: it was owned anew since then; try again");
    guarded.start(exchange(set().question()));
    assertThat(asked).as("this member's own").hasSize(1);
  }

  @Test
  void anotherMembersWriteIsNotSentWhenItsTimeIsOver() {
    owned.ask("a", ask(1, set()), 0);
    Question set = core1.asked().get(0);
    pass(4_999);
    assertThat(guarded.refusal(exchange(set))).isNull();
    core1.answer(new Failure<>(Failure.Reason.TIMEOUT, "its deadline passed"));
    pass(1);
    assertThat(guarded.refusal(exchange(set)))
        .as("a back end that still prepares it asks here, after its outcome")
        .isNotNull();
  }

  @Test
  void whatAnotherMemberWantsWrittenIsSentOnlyIfTheConfigurationHereAllowsIt() {
    owned.ask("a", ask(1, set()), 0);
    Question set = core1.asked().get(0);
    doubt = "sysLocation may not be written";
    guarded.start(exchange(set));
    assertThat(asked).isEmpty();
    assertThat(refused().reason()).isEqualTo(Failure.Reason.NOT_WRITABLE);
    assertThat(refused().message())
        .isEqualTo("core1 was not written to: sysLocation may not be written");
    assertThat(count("notAllowed")).isEqualTo(1);
    core1.answer(refused());
    assertThat(reply().outcomes()).as("no other owner is asked").containsExactly(refused());
  }

  @Test
  void whatIsNotAllowedAnyMoreWhenABackEndHasPreparedItIsNotSent() {
    owned.ask("a", ask(1, set()), 0);
    Question set = core1.asked().get(0);
    guarded.start(exchange(set));
    assertThat(asked).hasSize(1);
    doubt = "sysLocation may not be written";
    assertThat(guarded.refusal(exchange(set))).isNotNull();
    assertThat(guarded.refusal(exchange(NAME))).as("reading is as before").isNull();
  }

  @Test
  void allElseIsTheBackEnds() {
    assertThat(
            Arrays.stream(Exchanger.class.getMethods())
                .map(Method::getName)
                .filter(
                    name ->
                        Arrays.stream(guarded.getClass().getDeclaredMethods())
                            .noneMatch(method -> method.getName().equals(name))))
        .as("methods that do not get through")
        .isEmpty();
  }
}
