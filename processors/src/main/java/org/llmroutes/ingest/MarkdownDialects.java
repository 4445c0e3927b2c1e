package org.llmroutes.ingest;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Turns what generators of sites add to Markdown into CommonMark: tabs and notes become a line with
 * their title before their content, and what only steers a generator goes. Code is left alone.
 */
final class MarkdownDialects {
  private static final Pattern FENCE = Pattern.compile("\\s*(?:>\\s*)?(`{3,}|~{3,})(.*)");

  /** MkDocs: {@code === "Tab"}, {@code !!! note "Title"}; the content is indented. */
  private static final Pattern INDENTED =
      Pattern.compile(
          "(\\s*)(?:===[!+]?(?=\\s+\")|!!!|\\?\\?\\?\\+?)\\s+(?:([\\w-]+)[^\"]*)?(?:\"(.*)\")?\\s*");

  /**
   * Docusaurus, VitePress, MyST, Quarto, MkDocs: {@code :::note Title}, {@code /// tip | Title}.
   */
  private static final Pattern CONTAINER =
      Pattern.compile(
          "\\s*(?::{3,}|/{3,})\\s*(?:\\{?\\.?(?:callout-)?([\\w-]+)}?)?\\s*[\\[|]?(.*?)]?\\s*(?:\\{.*})?:*\\s*");

  /** Containers that only arrange. */
  private static final Set<String> ARRANGING =
      Set.of(
          "code-group",
          "tabs",
          "tab-set",
          "grid",
          "columns",
          "div",
          "raw",
          "v-pre",
          "steps",
          "cards");

  /** GitHub, Obsidian: {@code > [!NOTE]}, {@code > [!info]- Title}. */
  private static final Pattern ALERT =
      Pattern.compile("(\\s*(?:>\\s*)+)\\[!([\\w-]+)][-+]?\\s*(.*)");

  /** MDX: one tag of a component, alone on its line. */
  private static final Pattern COMPONENT =
      Pattern.compile(
          "\\s*</?[A-Z][\\w.]*(?:\\s(?:[^<>\"'{}]|\"[^\"]*\"|'[^']*'|\\{[^<]*})*)?/?>\\s*");

  private static final Pattern COMPONENT_BEGINS = Pattern.compile("\\s*<[A-Z][\\w.]*(?:\\s[^>]*)?");

  /** Hugo, Jekyll, GitBook. */
  private static final Pattern TEMPLATE_TAG =
      Pattern.compile("\\s*(?:\\{\\{[<%].*[%>]}}|\\{%.*%})\\s*");

  private static final Pattern LABEL =
      Pattern.compile("\\b(?:label|title|header|summary|question|caption)=[\"']([^\"']+)[\"']");

  private static final Pattern TAB =
      Pattern.compile("[tT]ab\\w*\\s(?:.*\\s)?(?:name|value)=[\"']([^\"']+)[\"']");

  private static final Pattern STEERING =
      Pattern.compile(
          "(?:import\\s.*\\sfrom\\s+['\"].*|import\\s+['\"].*"
              + "|export\\s+(?:const|default|let|var|function)\\b.*"
              + "|\\s*\\{:.*}|\\s*\\{/\\*.*\\*/}|\\s*(?:\\[TOC]|\\[\\[_?toc_?]])"
              + "|\\s*-{1,2}8<-{1,2}.*|%%.*%%)\\s*",
          Pattern.CASE_INSENSITIVE);

  private static final Pattern IMPORT_BEGINS =
      Pattern.compile("import\\s+(?:\\w+\\s*,\\s*)?\\{[^}]*");

  private static final Pattern WIKI_LINK =
      Pattern.compile("!?\\[\\[([^\\s\\]|][^\\]|]*)(?:\\|([^\\]]+))?]]");

  private static final int LONGEST_TAG = 40;

  private MarkdownDialects() {}

  static String toCommonMark(String text) {
    return String.join("\n", converted(text.lines().toList()));
  }

  private static List<String> converted(List<String> lines) {
    List<String> out = new ArrayList<>();
    String fence = "";
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      Matcher mark = FENCE.matcher(line);
      if (mark.matches() && (fence.isEmpty() ? opens(mark) : closes(fence, mark))) {
        fence = fence.isEmpty() ? mark.group(1) : "";
        out.add(line);
      } else if (fence.isEmpty() && INDENTED.matcher(line).matches() && hasContent(lines, i)) {
        int end = endOfContent(lines, i);
        indented(lines.subList(i, end), out);
        i = end - 1;
      } else if (fence.isEmpty() && COMPONENT_BEGINS.matcher(line).matches()) {
        int end = endOfTag(lines, i, ">");
        apart(label(String.join(" ", lines.subList(i, end))), out);
        i = end - 1;
      } else if (fence.isEmpty() && IMPORT_BEGINS.matcher(line).matches()) {
        i = endOfTag(lines, i, "from") - 1;
      } else {
        out.addAll(fence.isEmpty() ? converted(line) : List.of(line));
      }
    }
    return out;
  }

  private static boolean opens(Matcher mark) {
    return mark.group(1).charAt(0) == '~' || mark.group(2).indexOf('`') < 0;
  }

  private static boolean closes(String fence, Matcher mark) {
    return mark.group(1).startsWith(fence) && mark.group(2).isBlank();
  }

  private static List<String> converted(String line) {
    List<String> out = new ArrayList<>();
    Matcher container = CONTAINER.matcher(line);
    Matcher alert = ALERT.matcher(line);
    if (container.matches()) {
      apart(title(container.group(1), container.group(2)), out);
    } else if (alert.matches()) {
      out.add(alert.group(1) + title(alert.group(2), alert.group(3)));
      out.add(alert.group(1));
    } else if (COMPONENT.matcher(line).matches() || TEMPLATE_TAG.matcher(line).matches()) {
      apart(label(line), out);
    } else if (!STEERING.matcher(line).matches()) {
      out.add(withoutWikiLinks(line));
    }
    return out;
  }

  private static void indented(List<String> block, List<String> out) {
    Matcher mark = INDENTED.matcher(block.get(0));
    if (mark.matches()) {
      String indent = mark.group(1);
      apart(indent + title(mark.group(2), mark.group(3)), out);
      int by = contentIndent(block, 0) - indent.length();
      converted(
              block.subList(1, block.size()).stream()
                  .map(line -> line.isBlank() ? "" : line.substring(by))
                  .toList())
          .forEach(out::add);
      out.add("");
    }
  }

  private static boolean hasContent(List<String> lines, int at) {
    return contentIndent(lines, at) > indent(lines.get(at));
  }

  private static int contentIndent(List<String> lines, int at) {
    return lines.stream()
        .skip(at + 1L)
        .filter(l -> !l.isBlank())
        .findFirst()
        .map(MarkdownDialects::indent)
        .orElse(0);
  }

  private static int endOfContent(List<String> lines, int at) {
    int indent = contentIndent(lines, at);
    int end = at + 1;
    while (end < lines.size() && (lines.get(end).isBlank() || indent(lines.get(end)) >= indent)) {
      end++;
    }
    return end;
  }

  private static int endOfTag(List<String> lines, int at, String last) {
    int limit = Math.min(lines.size(), at + LONGEST_TAG);
    for (int end = at + 1; end < limit; end++) {
      if (lines.get(end).contains(last)) {
        return end + 1;
      }
    }
    return at + 1;
  }

  private static int indent(String line) {
    return line.length() - line.stripLeading().length();
  }

  private static String title(String kind, String title) {
    if (title != null && !title.isBlank()) {
      return title.strip();
    }
    boolean unnamed = kind == null || ARRANGING.contains(kind);
    return unnamed ? "" : kind.substring(0, 1).toUpperCase(Locale.ROOT) + kind.substring(1);
  }

  private static String label(String tag) {
    return Stream.of(LABEL.matcher(tag), TAB.matcher(tag))
        .filter(Matcher::find)
        .map(label -> label.group(1))
        .findFirst()
        .orElse("");
  }

  private static void apart(String text, List<String> out) {
    out.add("");
    if (!text.isBlank()) {
      out.add(text);
      out.add("");
    }
  }

  private static String withoutWikiLinks(String line) {
    return line.contains("`")
        ? line
        : WIKI_LINK
            .matcher(line)
            .replaceAll(
                link ->
                    Matcher.quoteReplacement(
                        link.group(2) == null ? link.group(1) : link.group(2)));
  }
}
