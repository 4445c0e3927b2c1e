package org.llmroutes.ingest;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.poi.xwpf.usermodel.XWPFDocument;
import org.apache.poi.xwpf.usermodel.XWPFParagraph;
import org.apache.poi.xwpf.usermodel.XWPFRun;
import org.apache.poi.xwpf.usermodel.XWPFStyle;
import org.apache.poi.xwpf.usermodel.XWPFTable;
import org.apache.poi.xwpf.usermodel.XWPFTableCell;
import org.apache.poi.xwpf.usermodel.XWPFTableRow;
import org.apache.xmlbeans.XmlCursor;
import org.apache.xmlbeans.XmlObject;
import org.llmroutes.ingest.Block.Lines;
import org.openxmlformats.schemas.wordprocessingml.x2006.main.CTP;
import org.openxmlformats.schemas.wordprocessingml.x2006.main.CTSdtBlock;
import org.openxmlformats.schemas.wordprocessingml.x2006.main.CTTbl;
import org.openxmlformats.schemas.wordprocessingml.x2006.main.CTTcPr;

/**
 * Reads what stands in the body of a Word document, that in content controls too, which POI gives
 * as plain text. Styles are known by their names, which are English in each language of Word.
 */
final class WordBody {
  private static final Pattern HEADING = Pattern.compile("heading ([1-9])");
  private static final Pattern CODE = Pattern.compile(".*(code|preformatted|listing).*");
  private static final Pattern CONTENTS = Pattern.compile("toc ([1-9]|heading)|table of figures");
  private static final Pattern NOTE_MARK = Pattern.compile("\\[(footnote|endnote)Ref:\\d+]");
  private static final int STYLES_DEEP = 10;

  private final XWPFDocument document;
  private final Outline outline;
  private final List<String> list = new ArrayList<>();
  private final List<String> code = new ArrayList<>();
  private String caption = "";

  WordBody(XWPFDocument document, Outline outline) {
    this.document = document;
    this.outline = outline;
  }

  void read() {
    children(document.getDocument().getBody());
    end();
  }

  private void children(XmlObject parent) {
    try (XmlCursor cursor = parent.newCursor()) {
      for (boolean more = cursor.toFirstChild(); more; more = cursor.toNextSibling()) {
        XmlObject child = cursor.getObject();
        if (child instanceof CTP paragraph) {
          paragraph(paragraph);
        } else if (child instanceof CTTbl table) {
          endList();
          endCode();
          table(new XWPFTable(table, document));
        } else if (child instanceof CTSdtBlock control && control.getSdtContent() != null) {
          children(control.getSdtContent());
        }
      }
    }
  }

  private void paragraph(CTP source) {
    XWPFParagraph paragraph = new XWPFParagraph(source, document);
    String style = style(paragraph);
    String text = text(paragraph);
    Matcher heading = HEADING.matcher(style);
    if (CODE.matcher(style).matches()) {
      endList();
      code.add(text);
      return;
    }
    endCode();
    if (text.isBlank() || CONTENTS.matcher(style).matches()) {
      return;
    }
    if ("title".equals(style) || heading.matches()) {
      end();
      outline.heading(
          "title".equals(style) ? 0 : Integer.parseInt(heading.group(1)), oneLine(text), "");
    } else if (paragraph.getNumID() != null) {
      list.add("  ".repeat(level(paragraph)) + "- " + oneLine(text));
    } else if ("caption".equals(style)) {
      end();
      caption = oneLine(text);
    } else {
      end();
      outline.prose(oneLine(text));
    }
  }

  private static int level(XWPFParagraph paragraph) {
    BigInteger level = paragraph.getNumIlvl();
    return level == null ? 0 : Math.min(8, level.intValue());
  }

  /** Of the style, or of what it is based on, the first name that means something here. */
  private String style(XWPFParagraph paragraph) {
    XWPFStyle style = named(paragraph.getStyle());
    String own = name(style);
    for (int deep = 0; style != null && deep < STYLES_DEEP; deep++) {
      if (HEADING.matcher(name(style)).matches()) {
        return name(style);
      }
      style = named(style.getBasisStyleID());
    }
    return own;
  }

  private XWPFStyle named(String id) {
    return id == null || document.getStyles() == null ? null : document.getStyles().getStyle(id);
  }

  private static String name(XWPFStyle style) {
    return style == null || style.getName() == null ? "" : style.getName().toLowerCase(Locale.ROOT);
  }

  /** Without what a tracked change took out, and what is hidden. */
  private static String text(XWPFParagraph paragraph) {
    for (int i = paragraph.getCTP().sizeOfDelArray() - 1; i >= 0; i--) {
      paragraph.getCTP().removeDel(i);
    }
    XWPFParagraph shown = new XWPFParagraph(paragraph.getCTP(), paragraph.getBody());
    List<XWPFRun> hidden = shown.getRuns().stream().filter(XWPFRun::isVanish).toList();
    for (XWPFRun run : hidden) {
      try (XmlCursor cursor = run.getCTR().newCursor()) {
        cursor.removeXml();
      }
    }
    String text = new XWPFParagraph(paragraph.getCTP(), paragraph.getBody()).getText();
    return NOTE_MARK.matcher(text).replaceAll("");
  }

  private void table(XWPFTable table) {
    List<XWPFTableRow> rows = table.getRows();
    if (rows.stream().allMatch(row -> row.getTableCells().size() == 1)) {
      endCaption();
      rows.forEach(row -> children(row.getTableCells().get(0).getCTTc()));
    } else {
      outline.lines(Table.of(caption, rows.stream().map(WordBody::cells).toList()));
      caption = "";
    }
  }

  private static List<String> cells(XWPFTableRow row) {
    List<String> cells = new ArrayList<>();
    for (XWPFTableCell cell : row.getTableCells()) {
      cells.add(
          cell.getParagraphs().stream().map(WordBody::text).collect(Collectors.joining("\n"))
              + cell.getTables().stream()
                  .map(XWPFTable::getText)
                  .collect(Collectors.joining("\n")));
      CTTcPr properties = cell.getCTTc().getTcPr();
      if (properties != null && properties.isSetGridSpan()) {
        int columns = Math.min(63, properties.getGridSpan().getVal().intValue());
        cells.addAll(Collections.nCopies(Math.max(0, columns - 1), ""));
      }
    }
    return cells;
  }

  private void end() {
    endList();
    endCode();
    endCaption();
  }

  private void endList() {
    outline.lines(Lines.list(List.copyOf(list)));
    list.clear();
  }

  private void endCode() {
    if (!code.isEmpty()) {
      outline.lines(Lines.code("", String.join("\n", code)));
      code.clear();
    }
  }

  private void endCaption() {
    outline.prose(caption);
    caption = "";
  }

  private static String oneLine(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }
}
