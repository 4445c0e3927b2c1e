package org.llmroutes.nats;

import io.nats.client.AuthHandler;
import io.nats.client.NKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The NKey whose seed is in a file, read at every connect, so that one put in its place is used
 * from the next on.
 */
final class SeedFile implements AuthHandler {
  private static final Logger LOG = LoggerFactory.getLogger(SeedFile.class);

  private final Path file;
  private volatile NKey key;

  /**
   * @throws IOException where it holds no seed now
   */
  SeedFile(Path file) throws IOException {
    this.file = file;
    key = read();
  }

  private NKey read() throws IOException {
    try {
      return NKey.fromSeed(Files.readString(file, StandardCharsets.US_ASCII).strip().toCharArray());
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " holds no seed of an NKey", e);
    }
  }

  /** Asked first of all at a connect; {@link #sign} is with the same key. */
  @Override
  public char[] getID() {
    try {
      key = read();
    } catch (IOException e) {
      LOG.warn("The seed in {} cannot be read; connecting with the one before", file, e);
    }
    try {
      return key.getPublicKey();
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("The NKey of " + file + " has no public key", e);
    }
  }

  @Override
  public byte[] sign(byte[] nonce) {
    try {
      return key.sign(nonce);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("The NKey of " + file + " cannot sign", e);
    }
  }

  @Override
  public char[] getJWT() {
    return new char[0];
  }
}
