package org.llmroutes.ingest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.poi.sl.usermodel.Placeholder;
import org.apache.poi.xslf.usermodel.XMLSlideShow;
import org.apache.poi.xslf.usermodel.XSLFDiagram;
import org.apache.poi.xslf.usermodel.XSLFGroupShape;
import org.apache.poi.xslf.usermodel.XSLFShape;
import org.apache.poi.xslf.usermodel.XSLFSlide;
import org.apache.poi.xslf.usermodel.XSLFTable;
import org.apache.poi.xslf.usermodel.XSLFTextParagraph;
import org.apache.poi.xslf.usermodel.XSLFTextShape;
import org.llmroutes.ingest.Block.Lines;
import org.llmroutes.ingest.Block.Prose;

/** Slides of PowerPoint ({@code pptx}), a section each, with its number as {@code page}. */
final class SlidesParser implements DocumentParser {
  private static final Set<Placeholder> TITLES =
      Set.of(Placeholder.TITLE, Placeholder.CENTERED_TITLE, Placeholder.VERTICAL_TEXT_TITLE);

  private static final Set<Placeholder> ON_EACH_SLIDE =
      Set.of(
          Placeholder.SLIDE_NUMBER, Placeholder.DATETIME, Placeholder.FOOTER, Placeholder.HEADER);

  @Override
  public ParsedDocument parse(byte[] content, String name) throws InvalidDocument {
    try {
      OfficePackage file = OfficePackage.open(content);
      try (XMLSlideShow show = new XMLSlideShow(file.parts())) {
        String title = file.title(name);
        List<Section> sections = new ArrayList<>();
        for (XSLFSlide slide : show.getSlides()) {
          sections.add(section(slide, title));
        }
        return new ParsedDocument(
            file.metadata(),
            sections.stream().filter(s -> !s.blocks().isEmpty()).toList(),
            List.of());
      }
    } catch (IOException e) {
      throw new InvalidDocument("is not a readable presentation: " + e.getMessage(), e);
    }
  }

  private static Section section(XSLFSlide slide, String title) {
    List<Block> blocks = new ArrayList<>();
    shapes(slide.getShapes(), blocks);
    if (slide.getNotes() != null) {
      Arrays.stream(slide.getNotes().getPlaceholders())
          .filter(shape -> shape.getTextType() == Placeholder.BODY)
          .forEach(shape -> text(shape, blocks));
    }
    String heading =
        slide.getTitle() == null ? "" : slide.getTitle().replaceAll("\\s+", " ").strip();
    if (blocks.isEmpty() && !heading.isEmpty()) {
      blocks.add(new Prose(heading));
    }
    return new Section(
        heading.isEmpty() || heading.equals(title) ? title : title + " > " + heading,
        heading,
        blocks,
        Map.of(Metadata.PAGE, slide.getSlideNumber()));
  }

  private static void shapes(List<XSLFShape> shapes, List<Block> blocks) {
    for (XSLFShape shape : shapes) {
      if (shape instanceof XSLFTextShape text) {
        if (!isOf(TITLES, text) && !isOf(ON_EACH_SLIDE, text)) {
          text(text, blocks);
        }
      } else if (shape instanceof XSLFTable table) {
        blocks.add(Table.of("", rows(table)));
      } else if (shape instanceof XSLFGroupShape group) {
        shapes(group.getShapes(), blocks);
      } else if (shape instanceof XSLFDiagram diagram && diagram.getGroupShape() != null) {
        shapes(diagram.getGroupShape().getShapes(), blocks);
      }
    }
  }

  private static boolean isOf(Set<Placeholder> kinds, XSLFTextShape shape) {
    return shape.getTextType() != null && kinds.contains(shape.getTextType());
  }

  private static void text(XSLFTextShape shape, List<Block> blocks) {
    List<XSLFTextParagraph> paragraphs =
        shape.getTextParagraphs().stream().filter(p -> !p.getText().isBlank()).toList();
    if (paragraphs.size() == 1) {
      blocks.add(new Prose(oneLine(paragraphs.get(0))));
    } else if (!paragraphs.isEmpty()) {
      blocks.add(Lines.list(paragraphs.stream().map(SlidesParser::item).toList()));
    }
  }

  private static String item(XSLFTextParagraph paragraph) {
    String mark = paragraph.isBullet() ? "  ".repeat(paragraph.getIndentLevel()) + "- " : "";
    return mark + oneLine(paragraph);
  }

  private static String oneLine(XSLFTextParagraph paragraph) {
    return paragraph.getText().replaceAll("\\s+", " ").strip();
  }

  private static List<List<String>> rows(XSLFTable table) {
    return table.getRows().stream()
        .map(row -> row.getCells().stream().map(XSLFTextShape::getText).toList())
        .toList();
  }
}
