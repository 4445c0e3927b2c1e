package org.llmroutes.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class HeartbeatTest {
  private final Heartbeat heartbeat = new Heartbeat(0);

  @Test
  void asksEveryFifteenSeconds() {
    assertThat(heartbeat.isDue(seconds(14))).isFalse();
    assertThat(heartbeat.isDue(seconds(15))).isTrue();
    assertThat(heartbeat.isDue(seconds(16))).isFalse();
    assertThat(heartbeat.isDue(seconds(30))).isTrue();
  }

  @Test
  void givesUpWhoLeavesTwoQuestionsUnanswered() {
    heartbeat.isDue(seconds(15));
    heartbeat.isDue(seconds(30));
    assertThat(heartbeat.isDead(seconds(44))).isFalse();
    heartbeat.isDue(seconds(45));
    assertThat(heartbeat.isDead(seconds(45))).isTrue();
  }

  @Test
  void keepsWhoAnswers() {
    for (int i = 15; i < 600; i += 15) {
      heartbeat.isDue(seconds(i));
      heartbeat.heard();
      assertThat(heartbeat.isDead(seconds(i))).isFalse();
    }
  }

  @Test
  void givesUpWhoReadsNothingForTwoMinutes() {
    heartbeat.hasRoom(seconds(60));
    assertThat(heartbeat.isDead(seconds(170))).isFalse();
    assertThat(heartbeat.isDead(seconds(181))).isTrue();
  }

  private static long seconds(int seconds) {
    return Duration.ofSeconds(seconds).toNanos();
  }
}
