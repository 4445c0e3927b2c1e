package org.llmroutes.ingest;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.poi.ss.util.CellReference;
import org.apache.poi.xssf.eventusermodel.XSSFSheetXMLHandler.SheetContentsHandler;
import org.apache.poi.xssf.usermodel.XSSFComment;

/**
 * Makes tables of the rows of sheets. A blank row ends a table; the first row of the next one is
 * its heading unless it has numbers, then it goes on below the heading before. A row of one cell
 * before a table is its caption.
 */
final class SheetRows implements SheetContentsHandler {
  private static final Pattern NUMBER = Pattern.compile("[-+]?\\d[\\d.,%\\s-]*");

  private final Outline outline;
  private int charactersLeft;
  private final List<String> row = new ArrayList<>();
  private final List<String> captions = new ArrayList<>();
  private List<String> heading = List.of();
  private Table table;
  private int lastRow = -1;
  private boolean tooLarge;

  SheetRows(Outline outline, int maxCharacters) {
    this.outline = outline;
    this.charactersLeft = maxCharacters;
  }

  List<Warning> warnings() {
    return tooLarge
        ? List.of(new Warning("is larger than can be searched; its last rows were left out", true))
        : List.of();
  }

  @Override
  public void startRow(int number) {
    if (number > lastRow + 1) {
      endTable();
    }
    lastRow = number;
    row.clear();
  }

  @Override
  public void cell(String reference, String value, XSSFComment comment) {
    int column = reference == null ? row.size() : new CellReference(reference).getCol();
    String text = value == null ? "" : value.strip();
    charactersLeft -= text.length();
    tooLarge |= charactersLeft < 0;
    if (!text.isEmpty() && !tooLarge) {
      row.addAll(Collections.nCopies(Math.max(0, column - row.size()), ""));
      row.add(text);
    }
  }

  @Override
  public void endRow(int number) {
    List<String> cells = List.copyOf(row);
    long filled = cells.stream().filter(cell -> !cell.isEmpty()).count();
    if (filled == 0) {
      endTable();
    } else if (table == null && filled == 1) {
      captions.add(String.join("", cells));
    } else {
      add(cells);
    }
  }

  private void add(List<String> cells) {
    if (table == null) {
      table = new Table(String.join("\n", captions));
      captions.clear();
      boolean goesOn =
          heading.size() >= cells.size()
              && cells.stream().anyMatch(cell -> NUMBER.matcher(cell).matches());
      heading = goesOn ? heading : cells;
      if (goesOn) {
        table.add(heading);
      }
    }
    table.add(cells);
  }

  private void endTable() {
    captions.forEach(outline::prose);
    captions.clear();
    if (table != null) {
      outline.lines(table.lines());
      table = null;
    }
  }

  @Override
  public void endSheet() {
    endTable();
    heading = List.of();
    lastRow = -1;
  }
}
