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
  /** Of an element and its text, in the tree that is made of HTML. */
  private static final int ELEMENT = 150;

  /** What a byte of a file becomes: of text, and of Markdown and tables many small objects. */
  private static final int TEXT = 3;

  private static final int NODES = 12;

  /** Files that are small whatever becomes of them. */
  private static final int SMALL = 1 << 20;

  private HeapNeed() {}

  static void require(DocumentFormat format, byte[] content) throws InvalidDocument {
    if (content.length < SMALL) {
      return;
    }
    long need = need(format, content);
    long free = Runtime.getRuntime().maxMemory() - used();
    if (need > free) {
      throw new InvalidDocument(
          "needs about %d MiB of memory, of which %d MiB are free; %s"
              .formatted(need >> 20, free >> 20, Reading.MORE_MEMORY));
    }
  }

  private static long need(DocumentFormat format, byte[] content) {
    return switch (format) {
      case HTML -> (long) TEXT * content.length + (long) ELEMENT * elements(content);
      case MARKDOWN, CSV -> (long) NODES * content.length;
      case TEXT -> (long) TEXT * content.length;
      default -> content.length;
    };
  }

  private static int elements(byte[] content) {
    int elements = 0;
    for (int i = 1; i < content.length; i++) {
      elements += content[i - 1] == '<' && content[i] >= 'A' ? 1 : 0;
    }
    return elements;
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
