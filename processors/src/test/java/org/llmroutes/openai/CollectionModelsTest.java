package org.llmroutes.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;

/** A model that is a collection is known as such without Milvus being asked each time. */
class CollectionModelsTest {
  private final Set<String> collections = new HashSet<>(Set.of("documents", "manuals"));
  private final List<String> asked = new ArrayList<>();
  private boolean away;
  private long seconds;
  private final CollectionModels models =
      new CollectionModels(this::exists, () -> TimeUnit.SECONDS.toNanos(seconds));

  private boolean exists(String name) {
    asked.add(name);
    if (away) {
      throw new StepException("search", ErrorCode.UNAVAILABLE, "away", null);
    }
    return collections.contains(name);
  }

  @Test
  void asksOnceForManyRequests() {
    for (int i = 0; i < 100; i++) {
      assertThat(models.contains("manuals")).isTrue();
      assertThat(models.contains("llama3")).isFalse();
    }
    assertThat(asked).containsExactly("manuals", "llama3");
  }

  @Test
  void asksForNoNameThatACollectionCannotHave() {
    for (String model : List.of("gpt-4o", "Qwen/Qwen3-8B", "llama3:8b", "", "a".repeat(65))) {
      assertThat(models.contains(model)).isFalse();
    }
    assertThat(asked).isEmpty();
  }

  @Test
  void seesAChangeWithinSeconds() {
    assertThat(models.contains("fresh")).isFalse();
    assertThat(models.contains("manuals")).isTrue();
    collections.add("fresh");
    collections.remove("manuals");
    seconds = 3;
    assertThat(models.contains("fresh")).isTrue();
    assertThat(models.contains("manuals")).isFalse();
  }

  @Test
  void keepsWhatItKnowsWhileMilvusIsAway() {
    models.contains("manuals");
    away = true;
    seconds = 60;
    assertThat(models.contains("manuals")).isTrue();
    assertThat(models.contains("documents")).isTrue();
    assertThat(models.contains("llama3")).isFalse();
  }

  @Test
  void doesNotAskAServerThatIsAwayForEachRequest() {
    away = true;
    for (int i = 0; i < 100; i++) {
      models.contains("llama3");
    }
    assertThat(asked).hasSize(1);
  }

  @Test
  void remembersABoundedNumberOfNames() {
    for (int i = 0; i < 5000; i++) {
      models.contains("model" + i);
    }
    asked.clear();
    models.contains("model4999");
    models.contains("model0");
    assertThat(asked).containsExactly("model0");
  }
}
