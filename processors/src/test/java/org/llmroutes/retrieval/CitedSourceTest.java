package org.llmroutes.retrieval;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A source says where it stands, in what it is safe to make a link of. */
class CitedSourceTest {

  @Test
  void saysPageLinkAndDateAndKeepsTheRest() {
    Map<String, Object> source =
        cited(
            Map.of(
                "page",
                12L,
                "url",
                "https://docs.example.org/manual.pdf",
                "modified",
                "2024-05-01",
                "version",
                1.5,
                "tags",
                List.of("a", 2L)));

    assertThat(source)
        .containsEntry("page", 12L)
        .containsEntry("url", "https://docs.example.org/manual.pdf#page=12")
        .containsEntry("modified", "2024-05-01T00:00:00Z")
        .doesNotContainKey("anchor")
        .containsEntry(
            "metadata",
            Map.of(
                "url",
                "https://docs.example.org/manual.pdf",
                "modified",
                "2024-05-01",
                "version",
                1.5,
                "tags",
                List.of("a", 2L)));
  }

  @Test
  void aPassageOfAnOlderCollectionHasNoneOfIt() {
    assertThat(cited(Map.of())).containsOnlyKeys("n", "id", "document", "title", "score", "text");
  }

  @ParameterizedTest
  @CsvSource({
    "https://example.org/a, https://example.org/a#uber-uns",
    "HTTP://example.org/a?b=c, HTTP://example.org/a?b=c#uber-uns",
    "https://example.org/a#there, https://example.org/a#there",
    "/docs/a, ",
    "javascript:alert(1), ",
    "file:///etc/passwd, ",
    "https://a b, "
  })
  void linksToWholeAddressesOfTheWeb(String url, String link) {
    assertThat(cited(Map.of("url", url, "anchor", "uber-uns")).get("url")).isEqualTo(link);
  }

  @Test
  void encodesWhatALinkCannotHold() {
    Map<String, Object> stored = Map.of("url", "https://example.org/a", "anchor", "über \"uns\"");
    assertThat(cited(stored))
        .containsEntry("anchor", "über \"uns\"")
        .containsEntry("url", "https://example.org/a#%C3%BCber%20%22uns%22");
  }

  @ParameterizedTest
  @CsvSource({
    "2024-05-01, 2024-05-01T00:00:00Z",
    "2024-05-01T10:00:00+02:00, 2024-05-01T08:00:00Z",
    "2024-05-01 10:00:05.25, 2024-05-01T10:00:05.250Z",
    "2024-05-01T10:00Z, 2024-05-01T10:00:00Z",
    "2024-05-01 10:00:00 +0530, 2024-05-01T04:30:00Z",
    "'{{date:YYYY}}', ",
    "2024-02-31x, ",
    "soon, "
  })
  void readsDatesAsPeopleWriteThem(String written, String modified) {
    assertThat(cited(Map.of("modified", written)).get("modified")).isEqualTo(modified);
  }

  @Test
  void keepsOfLargeMetadataWhatFits() {
    assertThat(cited(Map.of("abstract", "x".repeat(4000), "author", "Ada")))
        .containsEntry("metadata", Map.of("author", "Ada"));
  }

  private static Map<String, Object> cited(Map<String, Object> metadata) {
    Passage passage = new Passage("id", "a.md", "A", 0, "text", 0.5, metadata);
    return CitedSource.of(1, passage, "text");
  }
}
