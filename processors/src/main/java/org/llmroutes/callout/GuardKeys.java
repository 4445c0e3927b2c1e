package org.llmroutes.callout;

import io.nats.client.NKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The keys of a guarded nats-server: seeds as files that nobody but their owner reads, {@code
 * routes.nk}, {@code nack.nk} and {@code callout.nk}, by which those connect, and {@code
 * issuer.nk}, by which users are let in.
 */
public final class GuardKeys {
  private static final SecureRandom RANDOM = new SecureRandom();

  private GuardKeys() {}

  /**
   * Makes those that are missing.
   *
   * @return the public keys, by the names that {@code guarded.conf} has for them
   */
  public static Map<String, String> make(Path folder) throws IOException, GeneralSecurityException {
    Files.createDirectories(folder);
    Map<String, String> keys = new LinkedHashMap<>();
    keys.put(
        "NATS_ROUTES_PUBLIC_KEY", publicKey(folder.resolve("routes.nk"), NKey.createUser(RANDOM)));
    keys.put("NATS_NACK_PUBLIC_KEY", publicKey(folder.resolve("nack.nk"), NKey.createUser(RANDOM)));
    keys.put(
        "NATS_CALLOUT_PUBLIC_KEY",
        publicKey(folder.resolve("callout.nk"), NKey.createUser(RANDOM)));
    keys.put(
        "NATS_CALLOUT_ISSUER", publicKey(folder.resolve("issuer.nk"), NKey.createAccount(RANDOM)));
    return keys;
  }

  private static String publicKey(Path file, NKey fresh)
      throws IOException, GeneralSecurityException {
    if (!Files.exists(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(file, new String(fresh.getSeed()), StandardOpenOption.WRITE);
    }
    return new String(read(file).getPublicKey());
  }

  /** The key whose seed a file holds. */
  public static NKey read(Path file) throws IOException {
    String seed = Files.readString(file, StandardCharsets.US_ASCII).strip();
    try {
      return NKey.fromSeed(seed.toCharArray());
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " holds no seed of an NKey", e);
    }
  }
}
