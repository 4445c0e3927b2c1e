package org.llmroutes.jetstream;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Messages that wait for a worker. Subjects take turns, and each has no more in work than its
 * limit; of one subject the oldest comes first. So a subject with a thousand messages delays
 * another one's by one message. Payloads in work take a sixth of the heap at most, so that few
 * large messages are worked on at the same time and many small ones. Of those that wait, payloads
 * beyond a few MiB are let go of; the stream keeps them. Safe for concurrent use.
 */
final class FairQueue {
  private static final long WAITING_BYTES = 16 << 20;
  private static final long IN_WORK_BYTES = Runtime.getRuntime().maxMemory() / 6;

  private final int workers;
  private final int workersPerSubject;
  private final Map<String, Line> lines = new HashMap<>();

  /**
   * Subjects that may have one more in work and have one that waits, in the order of their turns.
   */
  private final Set<Line> ready = new LinkedHashSet<>();

  private int inWork;
  private long bytesInWork;
  private long loaded;

  /** What waits of one subject, and how many of it are in work. */
  private static final class Line {
    private final Deque<Delivery> waiting = new ArrayDeque<>();
    private int inWork;
  }

  /**
   * @param workers messages in work at the same time
   * @param workersPerSubject of one subject
   */
  FairQueue(int workers, int workersPerSubject) {
    this.workers = workers;
    this.workersPerSubject = workersPerSubject;
  }

  synchronized void add(Delivery delivery) {
    if (loaded + delivery.loadedBytes() > WAITING_BYTES) {
      delivery.unload();
    }
    loaded += delivery.loadedBytes();
    Line line = lines.computeIfAbsent(delivery.subject(), subject -> new Line());
    line.waiting.add(delivery);
    queueUp(line);
  }

  /** Takes the next message into work, where there is one and a worker for it. */
  synchronized Optional<Delivery> next() {
    if (ready.isEmpty() || inWork == workers) {
      return Optional.empty();
    }
    Line line = ready.iterator().next();
    int bytes = line.waiting.element().bytes();
    if (inWork > 0 && bytesInWork + bytes > IN_WORK_BYTES) {
      return Optional.empty();
    }
    ready.remove(line);
    Delivery delivery = line.waiting.poll();
    loaded -= delivery.loadedBytes();
    line.inWork++;
    inWork++;
    bytesInWork += bytes;
    queueUp(line);
    return Optional.of(delivery);
  }

  /** A message that {@link #next} gave is done. */
  synchronized void done(Delivery delivery) {
    Line line = lines.get(delivery.subject());
    line.inWork--;
    inWork--;
    bytesInWork -= delivery.bytes();
    queueUp(line);
    if (line.inWork == 0 && line.waiting.isEmpty()) {
      lines.remove(delivery.subject());
    }
  }

  /** Empties the queue. */
  synchronized List<Delivery> drain() {
    List<Delivery> all = new ArrayList<>();
    lines.values().forEach(line -> all.addAll(line.waiting));
    lines.values().forEach(line -> line.waiting.clear());
    lines.values().removeIf(line -> line.inWork == 0);
    ready.clear();
    loaded = 0;
    return all;
  }

  private void queueUp(Line line) {
    if (line.inWork < workersPerSubject && !line.waiting.isEmpty()) {
      ready.add(line);
    }
  }
}
