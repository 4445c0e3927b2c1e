package org.llmroutes.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginsTest {
  private final Origins origins = new Origins("https://chat.example, http://[::1]:3000");

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:8088, 127.0.0.1:8088",
    "http://LOCALHOST:8088, localhost:8088",
    "http://gateway.example, gateway.example",
    "http://gateway.example, gateway.example:80",
    "https://gateway.example, gateway.example",
    "https://gateway.example, gateway.example:443",
    "http://[::1]:8088, [::1]:8088",
    "https://chat.example, gateway.example",
    "HTTPS://Chat.Example, gateway.example",
    "http://[::1]:3000, gateway.example",
  })
  void admitsItsOwnPagesAndThoseOfTheSetting(String origin, String authority) {
    assertThat(origins.admit(origin, authority)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "null, gateway.example",
    "'', gateway.example",
    "https://evil.example, gateway.example",
    "https://gateway.example.evil.example, gateway.example",
    "https://evil.example/gateway.example, gateway.example",
    "https://gateway.example@evil.example, gateway.example",
    "https://gateway.example:8443, gateway.example",
    "http://chat.example, gateway.example",
    "https://sub.chat.example, gateway.example",
    "https://chat.example https://evil.example, gateway.example",
    "file://, gateway.example",
    "gateway.example, gateway.example",
    "https://gateway.example, evil example",
  })
  void admitsNoOtherPage(String origin, String authority) {
    assertThat(origins.admit(origin, authority)).isFalse();
  }

  @Test
  void admitsWhoIsNoBrowser() {
    assertThat(origins.admit(null, "gateway.example")).isTrue();
  }

  @Test
  void admitsNoPageWhereItsOwnHostIsNotKnown() {
    assertThat(origins.admit("https://gateway.example", null)).isFalse();
  }

  @Test
  void admitsNoOtherPageByAnEmptySetting() {
    assertThat(new Origins("").admit("", "gateway.example")).isFalse();
  }
}
