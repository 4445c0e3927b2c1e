package org.llmroutes.ingest;

import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.Locale;
import org.apache.poi.ss.usermodel.DataFormatter;
import org.apache.poi.ss.usermodel.DateUtil;

/** Numbers as Excel shows them, and dates as they are the same for everybody: 2024-05-31. */
final class IsoDates extends DataFormatter {

  IsoDates() {
    super(Locale.ROOT);
  }

  @Override
  public String formatRawCellContents(
      double value, int formatIndex, String format, boolean use1904) {
    if (value < 1
        || !DateUtil.isValidExcelDate(value)
        || !DateUtil.isADateFormat(formatIndex, format)) {
      return super.formatRawCellContents(value, formatIndex, format, use1904);
    }
    LocalDateTime date = DateUtil.getLocalDateTime(value, use1904, true);
    String day = date.toLocalDate().toString();
    return LocalTime.MIDNIGHT.equals(date.toLocalTime()) ? day : day + " " + date.toLocalTime();
  }
}
