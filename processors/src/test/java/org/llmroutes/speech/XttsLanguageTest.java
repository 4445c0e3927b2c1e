package org.llmroutes.speech;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llmroutes.http.Deadline;
import org.llmroutes.speech.TextToSpeechContractTest.Protocol;
import org.llmroutes.testing.ScriptedService;

class XttsLanguageTest {
  private final ScriptedService service = Protocol.XTTS.service();

  @AfterEach
  void stop() {
    service.close();
  }

  @ParameterizedTest
  @CsvSource({"de,de", "zh,zh-cn", "'',en", "sv,en", "ja,ja"})
  void xttsHasCodesOfItsOwn(String language, String code) {
    HttpTextToSpeech.of(service.settings())
        .speak(new Utterance("Hello", "", language, AudioFormat.WAV), Deadline.never());
    assertThat(service.requests.get(0).path("language").textValue()).isEqualTo(code);
  }
}
