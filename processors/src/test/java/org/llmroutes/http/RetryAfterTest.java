package org.llmroutes.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a service wants to be asked again. */
class RetryAfterTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      value = {
        "5 | - | 5000",
        "0 | - | 0",
        "1.5 | - | 1500",
        "- | - | 0",
        "-5 | - | 0",
        "soon | - | 0",
        "99999999999999999999 | - | 0",
        // by the clock of the service, wherever ours is
        "Wed, 21 Oct 2015 07:28:07 GMT | Wed, 21 Oct 2015 07:28:00 GMT | 7000",
        "Wed, 21 Oct 2015 07:28:00 GMT | Wed, 21 Oct 2015 07:28:07 GMT | 0",
        "Wed, 21 Oct 2015 07:28:07 GMT | - | 0",
      })
  void isSaidInSecondsOrAsADate(String retryAfter, String date, long millis) {
    Map<String, String> headers = new HashMap<>();
    headers.put("retry-after", retryAfter);
    headers.put("date", date);

    assertThat(RetryAfter.of(name -> Optional.ofNullable(headers.get(name))).toMillis())
        .isEqualTo(millis);
  }
}
