package org.llmroutes.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Forms as curl, browsers, openai-python and others send them. */
class FormTest {
  private static final String TYPE = "multipart/form-data; boundary=xyz";

  private static Map<String, Object> read(String body) {
    return Form.read(TYPE, Unpooled.copiedBuffer(body, StandardCharsets.UTF_8));
  }

  private static String part(String head, String content) {
    return "--xyz\r\nContent-Disposition: form-data; " + head + "\r\n\r\n" + content + "\r\n";
  }

  @Test
  void readsFieldsAndFiles() {
    Map<String, Object> form =
        read(
            part("name=\"prompt\"", "Grüße,\r\nund mehr")
                + part("name=\"tags[]\"", "a")
                + part("name=\"tags[]\"", "b")
                + part(
                    "name=\"file\"; filename=\"a \u00e4.wav\"\r\nContent-Type: audio/wav",
                    "RI\r\n--x")
                + "--xyz--\r\n");

    assertThat(form)
        .containsEntry("prompt", "Grüße,\r\nund mehr")
        .containsEntry("tags[]", List.of("a", "b"));
    Upload file = (Upload) form.get("file");
    assertThat(file.name()).isEqualTo("a ä.wav");
    assertThat(file.type()).isEqualTo("audio/wav");
    assertThat(file.bytes()).asString().isEqualTo("RI\r\n--x");
  }

  @Test
  void readsAQuotedBoundaryAndAFileWithoutAType() {
    Map<String, Object> form =
        Form.read(
            "Multipart/Form-Data; boundary=\"xyz\"",
            Unpooled.copiedBuffer(
                part("name=\"file\"; filename=\"a.wav\"", "RIFF") + "--xyz--",
                StandardCharsets.UTF_8));

    assertThat(((Upload) form.get("file")).bytes()).asString().isEqualTo("RIFF");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nin the mid",
        "--xyz\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\nin the mid",
        "--xyz\r\nContent-Disposition: form-data\r\n\r\nnameless\r\n--xyz--"
      })
  void refusesWhatIsNoForm(String body) {
    assertThatExceptionOfType(HttpProblem.class)
        .isThrownBy(() -> read(body))
        .satisfies(problem -> assertThat(problem.status()).isEqualTo(400));
  }

  @Test
  void takesABoundedNumberOfFields() {
    assertThatExceptionOfType(HttpProblem.class)
        .isThrownBy(() -> read(part("name=\"a\"", "b").repeat(1000) + "--xyz--"))
        .withMessageContaining("fields");
  }
}
