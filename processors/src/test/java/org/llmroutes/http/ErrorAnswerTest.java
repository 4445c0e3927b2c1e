package org.llmroutes.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors as services write them. */
class ErrorAnswerTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "{'error': {'message': 'too long', 'type': 'BadRequestError', 'code': 400}} | 400 | too long",
        "{'error': {'message': 'too long', 'code': '413'}} | 413 | too long",
        "{'error': {'message': 'm', 'type': 'exceed_context_size_error'}} | 400 | m",
        "{'error': {'message': 'm', 'code': 'context_length_exceeded'}} | 400 | m",
        "{'error': {'message': 'gone', 'type': 'NotFoundError'}} | 404 | gone",
        "{'error': {'message': 'busy', 'type': 'rate_limit_error'}} | 503 | busy",
        "{'error': {'message': 'who?', 'type': 'authentication_error'}} | 401 | who?",
        "{'error': {'message': 'm', 'type': 'InternalServerError', 'code': 500}} | 500 | m",
        "{'error': 'Request failed during generation', 'error_type': 'generation'} | 500 | Request failed during generation",
        "{'error': 'inputs too long', 'error_type': 'validation'} | 400 | inputs too long",
        "{'object': 'error', 'message': 'm', 'code': 422} | 422 | m",
        "{'type': 'error', 'error': {'type': 'overloaded_error', 'message': 'm'}} | 503 | m",
        "{'error': {'code': 7}} | 500 | ^^",
      })
  void errorsInAnAnswer(String json, int status, String words) throws Exception {
    ErrorAnswer error = ErrorAnswer.in(JSON.readTree(json.replace('\'', '"'))).orElseThrow();

    assertThat(error.status()).isEqualTo(status);
    assertThat(error).hasMessage(words);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "null",
        "{\"error\": null}",
        "{\"error\": \"\"}",
        "{\"error\": {}}",
        "{\"error\": false}",
        "{\"object\": \"chat.completion.chunk\", \"choices\": []}"
      })
  void noErrors(String json) throws Exception {
    assertThat(ErrorAnswer.in(JSON.readTree(json))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '^',
      value = {
        "{'detail': [{'loc': ['body', 'temperature'], 'msg': 'no number'}]} | body.temperature: no number",
        "{'message': {'detail': [{'loc': ['body', 'x', 'y'], 'msg': 'Extra'}]}} | body.x.y: Extra",
        "{'detail': 'Not Found'} | Not Found",
        "<html>Bad Gateway</html> | ^^",
        "{} | ^^",
      })
  void theWordsOfAnHttpError(String body, String words) {
    assertThat(ErrorAnswer.of(422, body.replace('\'', '"'))).hasMessage(words);
  }

  @Test
  void howItIsTold() throws Exception {
    assertThat(ErrorAnswer.of(502, "<html>").told()).isEqualTo("HTTP 502");
    assertThat(ErrorAnswer.of(503, "{\"error\": \"Loading\"}").told())
        .isEqualTo("HTTP 503: Loading");
    assertThat(ErrorAnswer.in(JSON.readTree("{\"error\": \"Oops\"}")).orElseThrow().told())
        .isEqualTo("an error: Oops");
  }

  @Test
  void longWordsAreCut() {
    assertThat(ErrorAnswer.of(400, "{\"error\": \"" + "x".repeat(1000) + "\"}").getMessage())
        .hasSize(300);
  }
}
