package org.llmroutes.retrieval;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.llmroutes.identity.Principal;

/**
 * What a search may find: what one who asks may read, and of that what the filter of the request
 * wants. Every search and count of chunks for somebody goes by its condition, which is made here
 * alone. It only ever asks for what is allowed: a chunk without readers is found by nobody.
 */
public final class SearchScope {
  private final String readable;
  private final String wanted;

  private SearchScope(String readable, String wanted) {
    this.readable = readable;
    this.wanted = wanted;
  }

  /**
   * @param principals of the one who asks; none find nothing
   * @param filter as {@link MilvusFilter} takes it
   */
  public static SearchScope of(Collection<String> principals, Map<?, ?> filter) {
    String readers =
        principals.stream().map(MilvusFilter::literal).collect(Collectors.joining(", "));
    return new SearchScope(
        "ARRAY_CONTAINS_ANY(%s, [%s])".formatted(CollectionSchema.READERS, readers),
        MilvusFilter.expression(filter));
  }

  /** The same for one without a filter. */
  public static SearchScope of(Collection<String> principals) {
    return of(principals, Map.of());
  }

  /** As everybody reads. */
  public static SearchScope ofPublic() {
    return of(List.of(Principal.PUBLIC));
  }

  /**
   * @param readers whether the collection says who may read its chunks; one that does not is open
   *     as a whole
   */
  String condition(boolean readers) {
    if (!readers) {
      return wanted;
    }
    return wanted.isEmpty() ? readable : "%s and (%s)".formatted(readable, wanted);
  }
}
