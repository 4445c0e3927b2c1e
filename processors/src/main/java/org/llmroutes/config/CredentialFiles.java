package org.llmroutes.config;

import java.util.List;
import java.util.stream.Stream;

/** The variables of the environment that name files with credentials. */
public final class CredentialFiles {
  /** Of what may say when it ends. */
  public static final List<String> THAT_MAY_END =
      List.of(
          "NATS_CREDS_FILE",
          "NATS_TLS_CA_FILE",
          "NATS_TLS_CERT_FILE",
          "MILVUS_TLS_CA_FILE",
          "OTEL_EXPORTER_OTLP_CERTIFICATE",
          "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE",
          "KFP_TOKEN_FILE",
          "ARGO_TOKEN_FILE",
          "VLLM_API_KEY_FILE",
          "EMBEDDINGS_API_KEY_FILE",
          "RERANKER_API_KEY_FILE",
          "WHISPER_API_KEY_FILE",
          "TTS_API_KEY_FILE");

  public static final List<String> ALL =
      Stream.concat(
              THAT_MAY_END.stream(),
              Stream.of(
                  "NATS_NKEY_FILE",
                  "NATS_CALLOUT_ISSUER_FILE",
                  "NATS_TLS_KEY_FILE",
                  "OTEL_EXPORTER_OTLP_CLIENT_KEY"))
          .toList();

  private CredentialFiles() {}
}
