package org.llmroutes.local.ai;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.llmroutes.local.ai.PromptSources.Source;
import org.llmroutes.local.ai.QuotableParts.Kind;
import org.llmroutes.local.ai.QuotableParts.Part;

/**
 * Answers a question in the words of its sources. A model of 135 million parameters invents names
 * and commands; what is quoted cannot be invented. The part that is most similar to the question is
 * quoted with its neighbours, then up to two more that are almost as similar.
 */
final class QuotedAnswer {
  static final String NOT_FOUND = "The documents that were found do not say.";

  /** Words at most of the first quote, the second and the third. */
  private static final int[] WORDS = {60, 40, 30};

  /** Questions about the documents have parts of at least .58, others mostly below .54. */
  private static final double SIMILAR = 0.56;

  private static final double ALMOST_AS_SIMILAR = 0.08;

  private final TokenReranker similarity;

  QuotedAnswer(TokenReranker similarity) {
    this.similarity = similarity;
  }

  /** A part of a source and how similar the two are to the question. */
  private record Candidate(Source source, List<Part> parts, int at, double score) {
    Part part() {
      return parts.get(at);
    }
  }

  /**
   * @return Markdown, each quote with its citation; {@link #NOT_FOUND} where nothing is similar
   */
  String to(String question, List<Source> sources) {
    List<List<Candidate>> all = sources.stream().map(source -> scored(question, source)).toList();
    List<Candidate> best =
        all.stream()
            .flatMap(List::stream)
            .sorted(Comparator.comparingDouble(Candidate::score).reversed())
            .toList();
    if (best.isEmpty() || best.get(0).score() < SIMILAR) {
      return NOT_FOUND;
    }
    List<String> quotes = new ArrayList<>();
    Set<Candidate> used = new HashSet<>();
    for (Candidate candidate : best) {
      if (quotes.size() == WORDS.length
          || candidate.score() < best.get(0).score() - ALMOST_AS_SIMILAR) {
        break;
      }
      if (!used.contains(candidate)) {
        List<Candidate> quote =
            widened(candidate, all.get(candidate.source().n() - 1), used, WORDS[quotes.size()]);
        used.addAll(quote);
        quotes.add(text(quote));
      }
    }
    return String.join("\n\n", quotes);
  }

  private List<Candidate> scored(String question, Source source) {
    List<Part> parts = QuotableParts.of(source.body());
    List<String> texts = new ArrayList<>();
    texts.add(source.title() + "\n\n" + source.body());
    parts.forEach(part -> texts.add(source.title() + "\n\n" + part.text()));
    double[] scores = similarity.score(question, texts);
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < parts.size(); i++) {
      candidates.add(new Candidate(source, parts, i, (scores[0] + scores[i + 1]) / 2));
    }
    return candidates;
  }

  /** With the more similar neighbour, again and again, while there is room. */
  private static List<Candidate> widened(
      Candidate core, List<Candidate> source, Set<Candidate> used, int room) {
    int from = core.at();
    int to = core.at();
    int words = core.part().words();
    while (true) {
      Candidate before = from == 0 ? null : source.get(from - 1);
      Candidate after = to == source.size() - 1 ? null : source.get(to + 1);
      boolean fitsBefore = fits(before, used, room - words);
      boolean fitsAfter = fits(after, used, room - words);
      if (fitsBefore && (!fitsAfter || before.score() > after.score())) {
        from--;
        words += before.part().words();
      } else if (fitsAfter) {
        to++;
        words += after.part().words();
      } else {
        return source.subList(from, to + 1);
      }
    }
  }

  private static boolean fits(Candidate candidate, Set<Candidate> used, int room) {
    return candidate != null && !used.contains(candidate) && candidate.part().words() <= room;
  }

  private static String text(List<Candidate> quote) {
    StringBuilder text = new StringBuilder();
    Kind last = null;
    for (Candidate candidate : quote) {
      Kind kind = candidate.part().kind();
      if (last == Kind.CODE && kind != Kind.CODE) {
        text.append("\n```");
      }
      if (last != null) {
        text.append(kind == Kind.SENTENCE && last == Kind.SENTENCE ? " " : "\n");
      }
      if (kind == Kind.CODE && last != Kind.CODE) {
        text.append("```\n");
      }
      text.append(kind == Kind.ITEM ? "- " : "").append(candidate.part().text());
      last = kind;
    }
    String citation = "[" + quote.get(0).source().n() + "]";
    return text + (last == Kind.CODE ? "\n```\n" : " ") + citation;
  }
}
