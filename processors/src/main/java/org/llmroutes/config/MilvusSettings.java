package org.llmroutes.config;

/**
 * Where Milvus is and how it is spoken to.
 *
 * @param tls whether the connection is encrypted
 * @param database empty for the default one
 * @param token an API key, or user and password with a colon between them; empty for none, and
 *     never printed
 * @param authorityFile PEM file with the certificate that Milvus' own is signed by; empty for those
 *     that the JDK knows
 * @param serverName the name in Milvus' certificate, where that is not {@code host}; only with an
 *     {@code authorityFile}
 */
public record MilvusSettings(
    String host,
    int port,
    boolean tls,
    String database,
    String token,
    String authorityFile,
    String serverName) {

  /** One without encryption, databases and users. */
  public static MilvusSettings plain(String host, int port) {
    return new MilvusSettings(host, port, false, "", "", "", "");
  }

  /** For instance {@code http://localhost:19530}. */
  public String uri() {
    return (tls ? "https://" : "http://")
        + (host.contains(":") ? "[" + host + "]" : host)
        + ":"
        + port;
  }

  @Override
  public String toString() {
    return "Milvus at " + uri();
  }
}
