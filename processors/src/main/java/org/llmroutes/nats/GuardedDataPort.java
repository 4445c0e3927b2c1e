package org.llmroutes.nats;

import io.nats.client.impl.SocketDataPortWithWriteTimeout;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** The socket of the connection to NATS, read through a {@link HeaderGuard}. */
public final class GuardedDataPort extends SocketDataPortWithWriteTimeout {
  private final HeaderGuard guard = new HeaderGuard();
  private final byte[] received = new byte[64 * 1024];
  private byte[] passed = new byte[0];
  private int taken;

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    while (taken == passed.length) {
      int count = super.read(received, 0, received.length);
      if (count < 0) {
        return count;
      }
      ByteArrayOutputStream out = new ByteArrayOutputStream(count);
      guard.pass(received, count, out);
      passed = out.toByteArray();
      taken = 0;
    }
    int count = Math.min(length, passed.length - taken);
    System.arraycopy(passed, taken, target, offset, count);
    taken += count;
    return count;
  }
}
