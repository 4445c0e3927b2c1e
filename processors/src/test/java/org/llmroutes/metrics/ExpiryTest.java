package org.llmroutes.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When credentials end is read from themselves. */
class ExpiryTest {
  private static final Instant END = Instant.parse("2027-01-31T12:00:00Z");

  private static String jwt(String claims) {
    return "eyJhbGciOiJub25lIn0."
        + Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(claims.getBytes(StandardCharsets.UTF_8))
        + ".c2lnbmF0dXJl";
  }

  @Test
  void ofATokenAndOfACredentialsFile() {
    String token = jwt("{\"sub\":\"routes\",\"exp\":" + END.getEpochSecond() + "}");

    assertThat(Expiry.of(token + "\n")).contains(END);
    assertThat(
            Expiry.of(
                "-----BEGIN NATS USER JWT-----\n"
                    + token
                    + "\n------END NATS USER JWT------\n\n-----BEGIN USER NKEY SEED-----\nSUAxyz\n"))
        .contains(END);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sk-an-opaque-key",
        "a.b.c",
        "two.words.here",
        "-----BEGIN CERTIFICATE-----\nbroken\n-----END CERTIFICATE-----",
        "\u0000\u0001"
      })
  void isUnknownOfWhatSaysNothing(String credential) {
    assertThat(Expiry.of(credential)).isEmpty();
    assertThat(Expiry.of(jwt("{\"sub\":\"for ever\"}"))).isEmpty();
    assertThat(Expiry.of(jwt("no claims"))).isEmpty();
  }

  /** The first of a chain that ends. */
  @Test
  void ofCertificates(@TempDir Path folder) throws Exception {
    StringBuilder chain = new StringBuilder();
    for (String days : new String[] {"30", "10", "20"}) {
      chain.append(certificate(folder, days));
    }

    Instant tenDays = Instant.now().plusSeconds(10 * 86_400);
    assertThat(Expiry.of(chain.toString()).orElseThrow())
        .isBetween(tenDays.minusSeconds(600), tenDays.plusSeconds(600));
  }

  private static String certificate(Path folder, String days) throws Exception {
    String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    String store = folder.resolve(days + ".p12").toString();
    for (String[] command :
        new String[][] {
          {
            keytool,
            "-genkeypair",
            "-alias",
            "a",
            "-keyalg",
            "EC",
            "-dname",
            "CN=nats",
            "-validity",
            days,
            "-keystore",
            store,
            "-storepass",
            "changeit"
          },
          {
            keytool,
            "-exportcert",
            "-rfc",
            "-alias",
            "a",
            "-keystore",
            store,
            "-storepass",
            "changeit"
          }
        }) {
      Process process = new ProcessBuilder(command).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      if (said.contains("BEGIN CERTIFICATE")) {
        return said;
      }
    }
    throw new IllegalStateException("no certificate");
  }

  @Test
  void isShownForFilesThatSayIt(@TempDir Path folder) throws Exception {
    Path credentials = folder.resolve("routes.creds");
    Files.writeString(credentials, jwt("{\"exp\":" + END.getEpochSecond() + "}"));
    Path key = Files.writeString(folder.resolve("key"), "opaque");
    SimpleMeterRegistry registry = new SimpleMeterRegistry();

    new CredentialMeters(
            CredentialMeters.inFiles(
                Map.of(
                    "NATS_CREDS_FILE", credentials.toString(),
                    "VLLM_API_KEY_FILE", key.toString(),
                    "TTS_API_KEY_FILE", folder.resolve("away").toString())))
        .bindTo(registry);

    assertThat(registry.getMeters()).hasSize(1);
    assertThat(
            registry
                .get("llm.routes.credential.expiry.timestamp.seconds")
                .tag("credential", "nats-creds")
                .gauge()
                .value())
        .isEqualTo(END.getEpochSecond());
  }
}
