package org.llmroutes.ingest;

import java.io.IOException;
import java.io.InputStream;
import javax.xml.parsers.ParserConfigurationException;
import org.apache.poi.openxml4j.exceptions.OpenXML4JException;
import org.apache.poi.openxml4j.opc.OPCPackage;
import org.apache.poi.util.XMLHelper;
import org.apache.poi.xssf.eventusermodel.ReadOnlySharedStringsTable;
import org.apache.poi.xssf.eventusermodel.XSSFReader;
import org.apache.poi.xssf.eventusermodel.XSSFSheetXMLHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.XMLReader;

/** Workbooks of Excel ({@code xlsx}): a section a sheet, read row by row. */
final class WorkbookParser implements DocumentParser {
  /** Of all cells; a table that is larger is data to query rather than text to find. */
  static final int MAX_CHARACTERS = 8_000_000;

  @Override
  public ParsedDocument parse(byte[] content, String name) throws InvalidDocument {
    try {
      OfficePackage file = OfficePackage.open(content);
      try (OPCPackage parts = file.parts()) {
        Outline outline = new Outline();
        SheetRows rows = new SheetRows(outline, MAX_CHARACTERS);
        read(parts, outline, rows);
        return new ParsedDocument(
            file.metadata(), outline.sections(file.title(name)), rows.warnings());
      }
    } catch (IOException | SAXException | OpenXML4JException | ParserConfigurationException e) {
      throw new InvalidDocument("is not a readable workbook: " + e.getMessage(), e);
    }
  }

  private static void read(OPCPackage parts, Outline outline, SheetRows rows)
      throws IOException, SAXException, OpenXML4JException, ParserConfigurationException {
    XSSFReader reader = new XSSFReader(parts);
    ReadOnlySharedStringsTable strings = new ReadOnlySharedStringsTable(parts, false);
    XSSFReader.SheetIterator sheets = (XSSFReader.SheetIterator) reader.getSheetsData();
    while (sheets.hasNext()) {
      try (InputStream sheet = sheets.next()) {
        outline.heading(2, sheets.getSheetName(), "");
        XMLReader xml = XMLHelper.newXMLReader();
        xml.setContentHandler(
            new XSSFSheetXMLHandler(
                reader.getStylesTable(), null, strings, rows, new IsoDates(), false));
        xml.parse(new InputSource(sheet));
      }
    }
  }
}
