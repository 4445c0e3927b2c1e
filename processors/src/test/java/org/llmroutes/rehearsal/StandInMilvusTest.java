package org.llmroutes.rehearsal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.config.MilvusSettings;
import org.llmroutes.retrieval.DocumentSearch;
import org.llmroutes.retrieval.MilvusConnection;
import org.llmroutes.retrieval.SearchScope;

class StandInMilvusTest {

  @ParameterizedTest
  @ValueSource(strings = {"documents", StandInMilvus.WITHOUT_WORDS})
  void isTakenForMilvusWhileItIsThere(String collection) throws IOException {
    MilvusSettings settings;
    try (StandInMilvus milvus = new StandInMilvus()) {
      settings = MilvusSettings.plain("127.0.0.1", milvus.port());
      try (MilvusConnection connection = new MilvusConnection(settings)) {
        assertThat(connection.connects()).isTrue();
        float[] vector = new float[StandInModels.DIMENSION];
        assertThat(
                new DocumentSearch(connection)
                    .search(collection, "Is it on?", vector, SearchScope.ofPublic(), 5, .5))
            .hasSizeBetween(5, StandInMilvus.FOUND);
      }
    }
    try (MilvusConnection connection = new MilvusConnection(settings)) {
      assertThat(connection.connects()).isFalse();
    }
  }
}
