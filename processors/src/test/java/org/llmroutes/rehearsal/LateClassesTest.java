package org.llmroutes.rehearsal;

import static org.assertj.core.api.Assertions.assertThatCode;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class LateClassesTest {

  @ParameterizedTest
  @FieldSource("org.llmroutes.rehearsal.LateClasses#NAMES")
  void areThere(String name) {
    assertThatCode(() -> Class.forName(name)).doesNotThrowAnyException();
  }
}
