package org.llmroutes.pipelines;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Keeps, of runs in the order of their last change, those that are open and the newest others. */
final class NewestRuns implements Consumer<byte[]> {
  private final RunEntryCodec codec;
  private final int limit;
  private final Deque<Map<String, Object>> closed = new ArrayDeque<>();
  private final List<Map<String, Object>> open = new ArrayList<>();

  NewestRuns(RunEntryCodec codec, int limit) {
    this.codec = codec;
    this.limit = limit;
  }

  @Override
  public synchronized void accept(byte[] value) {
    RunEntry entry = codec.decode(value);
    if (!entry.isClosed()) {
      open.add(StatusMessage.of(entry));
    } else {
      closed.add(StatusMessage.of(entry));
      if (closed.size() > limit) {
        closed.remove();
      }
    }
  }

  synchronized List<Map<String, Object>> list() {
    List<Map<String, Object>> all = new ArrayList<>(closed);
    all.addAll(open);
    return all;
  }
}
