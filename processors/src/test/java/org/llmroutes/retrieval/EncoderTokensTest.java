package org.llmroutes.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The estimate beside what the tokenizer of BGE-small-en-v1.5 makes of the same text. */
class EncoderTokensTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "17 | The heron stands in the shallow water and waits for fish, which it swallows whole.",
        "28 | Die Donaudampfschifffahrtsgesellschaft veröffentlicht jährlich einen Bericht.",
        "53 | Цапля стоит на мелководье и ждёт рыбу, которую глотает целиком.",
        "54 | يقف مالك الحزين في المياه الضحلة وينتظر السمك الذي يبتلعه كاملا.",
        "18 | 苍鹭站在浅水里等待鱼，然后整条吞下。",
        "40 | 왜가리는 얕은 물에 서서 통째로 삼킬 물고기를 기다립니다.",
        "27 | Thư viện công bố hằng năm một báo cáo chi tiết về việc mua sách và cho mượn.",
        "50 | 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "41 | MIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ",
        "28 | java.lang.IllegalStateException at o.l.http.ServiceClient.exchange(Service.java:142)"
      })
  void isNearWhatTheModelCounts(int counted, String text) {
    assertThat(EncoderTokens.of(text)).isBetween(counted * 6 / 10, counted * 13 / 10);
  }

  @ParameterizedTest
  @ValueSource(strings = {"fish and chips", "苍鹭站在浅水里", "𠀀𠀁𠀂𠀃", "9f86d081", "Wasserstände"})
  void cutsTheLongestBeginningThatFits(String text) {
    for (int most = 0; most <= EncoderTokens.of(text); most++) {
      String cut = EncoderTokens.cut(text, most);
      assertThat(text).startsWith(cut);
      assertThat(EncoderTokens.of(cut)).isLessThanOrEqualTo(most);
      if (!cut.equals(text)) {
        int next = text.offsetByCodePoints(cut.length(), 1);
        assertThat(EncoderTokens.of(text.substring(0, next))).isGreaterThan(most);
      }
    }
  }

  @Test
  void whatFitsIsLeftAsItIs() {
    assertThat(EncoderTokens.cut(" a  b ", 2)).isEqualTo(" a  b ");
    assertThat(EncoderTokens.of("")).isZero();
  }
}
