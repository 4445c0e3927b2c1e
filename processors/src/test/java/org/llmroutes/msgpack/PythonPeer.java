package org.llmroutes.msgpack;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.llmroutes.local.Project;

/** The Python package msgpack, in a process of its own. */
final class PythonPeer implements AutoCloseable {
  private final Process process;
  private final DataOutputStream to;
  private final DataInputStream from;

  /**
   * What it made of a payload.
   *
   * @param seen the decoded value in the form of {@link Seen}
   * @param again the value encoded once more
   */
  record Reply(String seen, byte[] again) {}

  PythonPeer() throws IOException {
    process =
        new ProcessBuilder(
                Project.installed("bin/python").toString(),
                Path.of("src/test/resources/msgpack/peer.py").toAbsolutePath().toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    to = new DataOutputStream(new BufferedOutputStream(process.getOutputStream()));
    from = new DataInputStream(new BufferedInputStream(process.getInputStream()));
  }

  Reply decode(byte[] payload) throws IOException {
    to.writeInt(payload.length);
    to.write(payload);
    to.flush();
    return new Reply(new String(frame(), StandardCharsets.UTF_8), frame());
  }

  private byte[] frame() throws IOException {
    byte[] bytes = new byte[from.readInt()];
    from.readFully(bytes);
    return bytes;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
