package org.llmroutes.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.llmroutes.ingest.IngestionReport;
import org.llmroutes.ingest.Problem;

/** Prints what an ingestion did. */
final class IngestionPrinter {
  private IngestionPrinter() {}

  /** Problems go to the standard error; the last line of the output counts. */
  static void print(IngestionReport report, boolean json) throws JsonProcessingException {
    if (json) {
      System.out.println(PrintableJson.line(asMap(report)));
      return;
    }
    report.notes().forEach(IngestionPrinter::print);
    report.problems().forEach(IngestionPrinter::print);
    if (!report.otherTypes().isEmpty()) {
      System.err.println(
          Printable.line("Not read, because of their types: " + report.otherTypesInWords()));
    }
    if (report.cancelled()) {
      System.out.println("Cancelled; run it again to go on");
    }
    System.out.printf(
        "Documents: %d new, %d changed, %d unchanged, %d skipped, %d removed, %d failed; %d chunks written%n",
        report.added(),
        report.changed(),
        report.unchanged(),
        report.skipped(),
        report.removed(),
        report.problems().size(),
        report.chunks());
  }

  private static void print(Problem problem) {
    System.err.println(Printable.line(problem.document() + " " + problem.reason()));
  }

  private static Map<String, Object> asMap(IngestionReport report) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("new", report.added());
    map.put("changed", report.changed());
    map.put("unchanged", report.unchanged());
    map.put("skipped", report.skipped());
    map.put("removed", report.removed());
    map.put("failed", report.problems().size());
    map.put("chunks", report.chunks());
    map.put("cancelled", report.cancelled());
    map.put("problems", report.problems());
    map.put("notes", report.notes());
    map.put("other_types", report.otherTypes());
    return map;
  }
}
