package org.llmroutes.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llmroutes.local.fake.FakeSpeech;
import org.llmroutes.local.fake.FakeSpeech.Sound;
import org.llmroutes.local.fake.FakeVllm.Reply;

/** {@code ./dev voice} with a file. */
class VoiceCommandTest {
  private final Stack stack = Stack.shared();
  @TempDir private Path folder;

  @BeforeEach
  void everythingWorks() {
    stack.vllm.script(request -> Reply.of("It is ", "a step. ", "It can ", "be moved."));
    stack.speech.voice(text -> Sound.PLAIN);
    stack.speech.ear(Sound.PLAIN);
  }

  @Test
  void printsWhatWasUnderstoodAndAnsweredAndKeepsTheAudio() throws Exception {
    Files.write(folder.resolve("question.wav"), FakeSpeech.wav("What is a Kamelet?"));

    ProductCommand.Result result =
        voice("question.wav", "--no-rag", "--no-play", "-o", "answer.wav", "--stats");

    assertThat(result.exit()).isZero();
    assertThat(result.output())
        .contains("\"What is a Kamelet?\"", "It is a step. It can be moved.")
        .containsPattern("stt +\\d+ ms +#")
        .containsPattern("first_audio +\\d+ ms +\\^");
    assertThat(FakeSpeech.text(Files.readAllBytes(folder.resolve("answer.wav"))))
        .isEqualTo("It is a step.It can be moved.");
  }

  @Test
  void saysWhatIsWrong() throws Exception {
    assertThat(voice("nowhere.wav"))
        .isEqualTo(new ProductCommand.Result(1, "voice: There is no file nowhere.wav\n"));
    assertThat(voice().exit()).isEqualTo(2);

    Files.write(folder.resolve("noise.wav"), new byte[100]);
    ProductCommand.Result refused = voice("noise.wav");
    assertThat(refused.exit()).isEqualTo(1);
    assertThat(refused.output()).contains("invalid_message: The audio is no wav");
  }

  private ProductCommand.Result voice(String... arguments) throws Exception {
    String[] command = new String[arguments.length + 1];
    command[0] = "voice";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    return new ProductCommand(folder, stack.environment, Map.of()).run(command);
  }
}
