package org.llmroutes.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SubjectPermissionsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | ai.dlq.chat | true",
        "{'allow': ['ai.>']} | ai.dlq.chat | true",
        "{'allow': ['ai.>']} | ai.user.*.chat.response.* | true",
        "{'allow': ['ai.>']} | ai | false",
        "{'allow': ['ai.*']} | ai.dlq.chat | false",
        "{'allow': ['ai.*.chat']} | ai.dlq.chat | true",
        "{'allow': ['ai.dlq.chat']} | ai.dlq.* | false",
        "{'allow': ['ai.dlq.chat queue']} | ai.dlq.chat | true",
        "{'allow': ['>']} | $JS.ACK.> | true",
        "{'allow': ['$JS.ACK.*.>']} | $JS.ACK.> | false",
        "{'deny': ['ai.dlq.*']} | ai.dlq.chat | false",
        "{'deny': ['ai.user.bob.>']} | ai.user.*.chat.response.* | false",
        "{'deny': ['ai.dlq.voice']} | ai.dlq.chat | true",
        "{'allow': ['ai.>'], 'deny': ['ai.cancel.>']} | ai.dlq.chat | true"
      })
  void allowsWhatTheServerWould(String listed, String pattern, boolean allowed)
      throws JsonProcessingException {
    SubjectPermissions permissions =
        SubjectPermissions.of(new ObjectMapper().readTree(listed.replace('\'', '"')));

    assertThat(permissions.allow(pattern)).isEqualTo(allowed);
  }
}
