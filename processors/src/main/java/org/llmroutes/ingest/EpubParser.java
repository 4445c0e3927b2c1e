package org.llmroutes.ingest;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.parser.Parser;
import org.llmroutes.retrieval.ModificationDate;

/** Books: the pages of an EPUB in the order in which they are read. */
final class EpubParser implements DocumentParser {
  private static final String CONTAINER = "META-INF/container.xml";
  private static final String ENCRYPTION = "META-INF/encryption.xml";

  @Override
  public ParsedDocument parse(byte[] content, String name) throws InvalidDocument {
    try {
      Map<String, byte[]> files =
          ZipFiles.read(content, file -> file.matches("(?i).*\\.(xml|opf|x?html?)"));
      Element rootFile = xml(files, CONTAINER).selectFirst("rootfile[full-path]");
      if (rootFile == null) {
        throw new InvalidDocument("is not a readable book: it names no contents");
      }
      String path = rootFile.attr("full-path");
      Document book = xml(files, path);
      Outline outline = new Outline();
      pages(book, path.substring(0, path.lastIndexOf('/') + 1), files, outline);
      Element title = book.selectFirst("dc|title");
      return new ParsedDocument(
          modified(book),
          outline.sections(GivenTitle.or(title == null ? "" : title.text(), name)),
          List.of());
    } catch (IOException e) {
      throw new InvalidDocument("is not a readable book: " + e.getMessage(), e);
    }
  }

  private static void pages(
      Document book, String folder, Map<String, byte[]> files, Outline outline)
      throws InvalidDocument {
    Map<String, Element> items = new LinkedHashMap<>();
    book.select("manifest > item").forEach(item -> items.put(item.id(), item));
    String encrypted = files.containsKey(ENCRYPTION) ? text(files, ENCRYPTION) : "";
    for (Element reference : book.select("spine > itemref")) {
      Element item = items.get(reference.attr("idref"));
      if (item == null || item.attr("properties").contains("nav")) {
        continue;
      }
      String file = folder + item.attr("href");
      if (encrypted.contains("\"" + file + "\"")) {
        throw new InvalidDocument("is protected against copying");
      }
      if (files.containsKey(file)) {
        HtmlParser.add(Jsoup.parse(text(files, file)), outline);
      }
    }
  }

  private static Map<String, Object> modified(Document book) {
    Element modified = book.selectFirst("meta[property=dcterms:modified]");
    return modified == null ? Map.of() : Map.of(ModificationDate.FIELD, modified.text());
  }

  private static Document xml(Map<String, byte[]> files, String name) throws InvalidDocument {
    return Jsoup.parse(files.containsKey(name) ? text(files, name) : "", "", Parser.xmlParser());
  }

  private static String text(Map<String, byte[]> files, String name) throws InvalidDocument {
    return TextEncoding.decode(files.get(name));
  }
}
