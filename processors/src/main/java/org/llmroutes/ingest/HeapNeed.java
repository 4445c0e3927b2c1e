package org.llmroutes.ingest;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;

/**
 * Refuses files that would need more memory than there is, before they take it from everything else
 * in the process.
 */
final class HeapNeed {
  /** What a byte of a file becomes: a tree of elements for HTML and Markdown. */
  private static final int TREE = 12;

  private static final int TEXT = 6;

  /** Most of a PDF, as its pictures, is never unpacked. */
  private static final int PARTLY_READ = 2;

  /** Files that are small whatever becomes of them. */
  private static final long SMALL = 1 << 20;

  private HeapNeed() {}

  static void require(DocumentFormat format, long bytes) throws InvalidDocument {
    long need = bytes * factor(format);
    long free = Runtime.getRuntime().maxMemory() - used();
    if (bytes > SMALL && need > free) {
      throw new InvalidDocument(
          "needs about %d MiB of memory, of which %d MiB are free; %s"
              .formatted(need >> 20, free >> 20, Reading.MORE_MEMORY));
    }
  }

  private static int factor(DocumentFormat format) {
    return switch (format) {
      case HTML, MARKDOWN -> TREE;
      case PDF -> PARTLY_READ;
      default -> TEXT;
    };
  }

  /** After the last collection of garbage; what is garbage since does not count. */
  private static long used() {
    long used = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      MemoryUsage usage = pool.getType() == MemoryType.HEAP ? pool.getCollectionUsage() : null;
      used += usage == null ? 0 : usage.getUsed();
    }
    return used;
  }
}
