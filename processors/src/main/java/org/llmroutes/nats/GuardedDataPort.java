package org.llmroutes.nats;

import io.nats.client.impl.SocketDataPortWithWriteTimeout;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** The socket of the connection to NATS, read through a {@link HeaderGuard}. */
public final class GuardedDataPort extends SocketDataPortWithWriteTimeout {
  private final HeaderGuard guard = new HeaderGuard();
  private final byte[] received = new byte[64 * 1024];
  private final Passed passed = new Passed();

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    while (passed.isTaken()) {
      int count = super.read(received, 0, received.length);
      if (count < 0) {
        return count;
      }
      passed.reset();
      guard.pass(received, count, passed);
    }
    return passed.take(target, offset, length);
  }

  /** What the library has not taken yet of what it may see. */
  private static final class Passed extends ByteArrayOutputStream {
    private int taken;

    boolean isTaken() {
      return taken == count;
    }

    int take(byte[] target, int offset, int length) {
      int now = Math.min(length, count - taken);
      System.arraycopy(buf, taken, target, offset, now);
      taken += now;
      return now;
    }

    @Override
    public void reset() {
      super.reset();
      taken = 0;
    }
  }
}
