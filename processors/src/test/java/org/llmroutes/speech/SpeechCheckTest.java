package org.llmroutes.speech;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Whisper makes of silence is told from what people say. */
class SpeechCheckTest {
  private static final Optional<Loudness> CLEAR = of(Sounds.speech(2, 0.3, 0.001));
  private static final Optional<Loudness> CLICK =
      of(Sounds.of(2, i -> i > 8000 && i < 8100 ? 0.5 : 0));
  private static final Optional<Loudness> UNKNOWN = Optional.empty();

  private static Optional<Loudness> of(Wav sound) {
    return Loudness.of(new Audio(sound.bytes(), AudioFormat.WAV));
  }

  private static boolean isSaid(String text, double noSpeech, Optional<Loudness> loudness) {
    return SpeechCheck.isSaid(new Transcript(text, "en", noSpeech, List.of()), loudness);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "...",
        "?!",
        "♪",
        "♪ la la la ♪",
        "[BLANK_AUDIO]",
        "[ Silence ]",
        "(music)",
        "(soft piano) [applause] ...",
        "*sighs*",
        "<|nospeech|>",
        "（音楽）",
        "【音楽】",
        "Subtitles by the Amara.org community",
        "Untertitel im Auftrag des ZDF für funk, 2017",
        "Untertitelung des ZDF, 2020",
        "Sous-titrage Société Radio-Canada",
        "Sous-titres réalisés para la communauté d'Amara.org",
        "Субтитры сделал DimaTorzok",
        "字幕由Amara.org社区提供",
        "Legendas pela comunidade Amara.org",
        "Napisy stworzone przez społeczność Amara.org"
      })
  void noWordsAndCreditsAreNeverSaid(String text) {
    assertThat(isSaid(text, Double.NaN, UNKNOWN)).isFalse();
    assertThat(isSaid(text, 0.01, CLEAR)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Thank you for watching!",
        "Thanks for watching. Thanks for watching.",
        "Thank you so much for watching, see you in the next video.",
        "Please subscribe to my channel.",
        "Vielen Dank fürs Zuschauen!",
        "Merci d'avoir regardé cette vidéo !",
        "¡Gracias por ver el video!",
        "Obrigado por assistir.",
        "Grazie per aver guardato il video.",
        "Bedankt voor het kijken!",
        "Dziękuję za uwagę.",
        "Děkuji za pozornost.",
        "Спасибо за просмотр!",
        "Продолжение следует...",
        "İzlediğiniz için teşekkür ederim.",
        "شكرا للمشاهدة",
        "اشتركوا في القناة",
        "देखने के लिए धन्यवाद",
        "Terima kasih telah menonton!",
        "Cảm ơn các bạn đã theo dõi.",
        "ご視聴ありがとうございました",
        "시청해주셔서 감사합니다.",
        "請不吝點贊 訂閱 轉發 打賞支持明鏡與點點欄目",
        "谢谢观看"
      })
  void farewellsAreSaidOnlyWhereSomebodyIsHeard(String text) {
    assertThat(isSaid(text, Double.NaN, UNKNOWN)).isFalse();
    assertThat(isSaid(text, 1e-11, UNKNOWN)).isFalse();
    assertThat(isSaid(text, Double.NaN, CLICK)).isFalse();
    assertThat(isSaid(text, 0.7, CLEAR)).isFalse();
    assertThat(isSaid(text, Double.NaN, CLEAR)).isTrue();
    assertThat(isSaid(text, 0.1, UNKNOWN)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Thank you.", "you", "Bye.", "Danke.", "Merci beaucoup.", "ありがとうございました", "谢谢大家"})
  void shortWordsAreSaidUnlessThereIsAReasonToDoubtThem(String text) {
    assertThat(isSaid(text, Double.NaN, UNKNOWN)).isTrue();
    assertThat(isSaid(text, Double.NaN, CLEAR)).isTrue();
    assertThat(isSaid(text, 0.05, UNKNOWN)).isTrue();
    assertThat(isSaid(text, Double.NaN, CLICK)).isFalse();
    assertThat(isSaid(text, 0.5, UNKNOWN)).isFalse();
    assertThat(isSaid(text, 0.7, CLEAR)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Thank you, and what do herons eat?",
        "How do I add subtitles by hand?",
        "Who made the captions?",
        "What does (sic) mean?",
        "42",
        "Danke, wie spät ist es?",
        "Is the recording [music] or speech?",
        "Wer hat die Untertitel geschrieben?"
      })
  void questionsAreSaid(String text) {
    assertThat(isSaid(text, Double.NaN, UNKNOWN)).isTrue();
    assertThat(isSaid(text, Double.NaN, CLICK)).isTrue();
    assertThat(isSaid(text, 0.5, UNKNOWN)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"0.9,true,false", "0.9,false,false", "0.7,false,false", "0.7,true,true"})
  void theServiceKnowsThatNobodySpoke(double noSpeech, boolean clear, boolean said) {
    assertThat(isSaid("What do herons eat?", noSpeech, clear ? CLEAR : UNKNOWN)).isEqualTo(said);
  }
}
