package org.llmroutes.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;

/** A key and its self-signed certificate, made by the JDK's keytool. */
public final class Certificate {
  private static final char[] PASSWORD = "changeit".toCharArray();

  private final Path folder;
  private final KeyStore store;

  /**
   * @param names what it is good for, for instance {@code ip:127.0.0.1,dns:milvus}
   */
  public Certificate(Path folder, String names)
      throws IOException, InterruptedException, GeneralSecurityException {
    this.folder = folder;
    Path file = folder.resolve("key.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "server",
                "-keyalg",
                "EC",
                "-dname",
                "CN=test",
                "-ext",
                "san=" + names,
                "-storetype",
                "PKCS12",
                "-storepass",
                new String(PASSWORD),
                "-keystore",
                file.toString())
            .inheritIO()
            .start();
    if (keytool.waitFor() != 0) {
      throw new IOException("keytool failed");
    }
    store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
  }

  /** A PEM file with the private key, for the server that has it. */
  public Path key() throws IOException, GeneralSecurityException {
    return write("key.pem", "PRIVATE KEY", store.getKey("server", PASSWORD).getEncoded());
  }

  /** A PEM file with the certificate, for clients that are to trust it too. */
  public Path pem() throws IOException, GeneralSecurityException {
    return write("server.pem", "CERTIFICATE", store.getCertificate("server").getEncoded());
  }

  private Path write(String name, String label, byte[] der) throws IOException {
    String encoded = Base64.getMimeEncoder().encodeToString(der);
    return Files.writeString(
        folder.resolve(name),
        "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, encoded, label));
  }
}
