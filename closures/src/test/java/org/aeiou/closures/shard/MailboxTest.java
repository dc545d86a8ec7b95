package org.aeiou.closures.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MailboxTest {
  private final Mailbox mailbox = new Mailbox(0);

  private static final class Letter extends Mail {
    @Override
    protected void receive() {}
  }

  private static List<Mail> listed(Mail oldest) {
    List<Mail> all = new ArrayList<>();
    for (Mail mail = oldest; mail != null; mail = mail.next) {
      all.add(mail);
    }
    return all;
  }

  @Test
  void mailComesOutInTheOrderItWentIn() {
    Letter a = new Letter();
    Letter b = new Letter();
    Letter c = new Letter();
    mailbox.push(a);
    mailbox.push(b);
    mailbox.push(c);
    assertThat(listed(mailbox.drain())).containsExactly(a, b, c);
    assertThat(mailbox.drain()).isNull();
  }

  @Test
  void aChainGoesInAsIfPushedOneByOne() {
    Letter before = new Letter();
    Letter a = new Letter();
    Letter b = new Letter();
    mailbox.push(before);
    b.next = a;
    mailbox.push(b, a);
    assertThat(listed(mailbox.drain())).containsExactly(before, a, b);
  }

  @Test
  void aClosedMailboxReturnsTheRestAndTakesNothing() {
    Letter a = new Letter();
    Letter b = new Letter();
    mailbox.push(a);
    assertThat(listed(mailbox.close())).containsExactly(a);
    assertThat(mailbox.push(b)).isFalse();
    assertThat(mailbox.close()).isNull();
  }

  @Test
  void aRefusedChainIsNotLeftLinkedToTheMailOfOthers() {
    Letter others = new Letter();
    Letter a = new Letter();
    Letter b = new Letter();
    b.next = a;
    a.next = others; // as an attempt leaves it that lost the race to another push
    mailbox.close();
    assertThat(mailbox.push(b, a)).isFalse();
    assertThat(listed(b)).containsExactly(b, a);
  }

  @Test
  void noThreadSleepsOnAMailboxWithMail() {
    mailbox.ownedBy(Thread.currentThread());
    mailbox.push(new Letter());
    mailbox.park(Long.MAX_VALUE);
    assertThat(mailbox.drain()).isNotNull();
  }

  @Test
  void aPushWakesTheSleeper() throws InterruptedException {
    Thread sleeper =
        new Thread(
            () -> {
              // May return early, never late.
              for (Mail mail = mailbox.drain(); mail == null; mail = mailbox.drain()) {
                mailbox.park(Long.MAX_VALUE);
              }
            });
    mailbox.ownedBy(sleeper);
    sleeper.start();
    mailbox.push(new Letter());
    sleeper.join(Duration.ofSeconds(10).toMillis());
    assertThat(sleeper.isAlive()).isFalse();
  }

  @Test
  void aChainMayKeepItsLastRunForMoreThatBelongsToIt() {
    Letter a = new Letter();
    Letter b = new Letter();
    Letter c = new Letter();
    Letter d = new Letter();
    MailChain chain = new MailChain();
    assertThat(chain.pushAllButRun(mailbox)).isZero();
    chain.add(a, true);
    chain.add(b, true);
    chain.add(c, false);
    assertThat(chain.pushAllButRun(mailbox)).isEqualTo(2);
    assertThat(listed(mailbox.drain())).containsExactly(a);
    assertThat(chain.pushAllButRun(mailbox)).isEqualTo(2);
    assertThat(mailbox.drain()).isNull();
    chain.add(d, false);
    chain.pushInto(mailbox);
    assertThat(listed(mailbox.drain())).containsExactly(b, c, d);
    assertThat(chain.pushAllButRun(mailbox)).isZero();
  }
}
