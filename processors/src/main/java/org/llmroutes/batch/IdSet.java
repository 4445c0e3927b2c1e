package org.llmroutes.batch;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A set of ids by 128 bits of their hashes, in 16 bytes for each of its places, of which a third to
 * two thirds are taken: a million ids need 24 to 48 MB, however long they are.
 */
final class IdSet {
  private final MessageDigest hash;
  private long[] table = new long[2 << 10];
  private int size;

  IdSet() {
    try {
      hash = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  /** Whether it was not there before. */
  boolean add(String id) {
    ByteBuffer key = key(id);
    boolean isNew = put(key.getLong(0), key.getLong(8));
    if (isNew && ++size * 3L > table.length) {
      grow();
    }
    return isNew;
  }

  boolean contains(String id) {
    ByteBuffer key = key(id);
    return table[place(key.getLong(0), key.getLong(8))] != 0;
  }

  private ByteBuffer key(String id) {
    ByteBuffer key = ByteBuffer.wrap(hash.digest(id.getBytes(StandardCharsets.UTF_8)));
    // zero marks a free place
    return key.getLong(0) == 0 ? key.putLong(0, 1) : key;
  }

  private boolean put(long high, long low) {
    int place = place(high, low);
    boolean isNew = table[place] == 0;
    table[place] = high;
    table[place + 1] = low;
    return isNew;
  }

  /** Where the key is, or else the free place where it would be. */
  private int place(long high, long low) {
    int mask = table.length - 2;
    int place = (int) low & mask;
    while (table[place] != 0 && (table[place] != high || table[place + 1] != low)) {
      place = place + 2 & mask;
    }
    return place;
  }

  private void grow() {
    long[] before = table;
    table = new long[before.length * 2];
    for (int i = 0; i < before.length; i += 2) {
      if (before[i] != 0) {
        put(before[i], before[i + 1]);
      }
    }
  }
}
