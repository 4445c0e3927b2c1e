package org.llmroutes.login;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A login as it is kept between commands, in a file that nobody but its owner reads.
 *
 * @param issuer that it was made with
 * @param refreshToken empty where the issuer gave none
 */
record SavedLogin(
    String issuer, String userId, String accessToken, String refreshToken, Instant expires) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Empty where there is none that can be read. */
  static Optional<SavedLogin> read(Path file) {
    try {
      JsonNode saved = JSON.readTree(Files.readString(file));
      return Optional.of(
          new SavedLogin(
              saved.required("issuer").asText(),
              saved.required("user_id").asText(),
              saved.required("access_token").asText(),
              saved.required("refresh_token").asText(),
              Instant.parse(saved.required("expires").asText())));
    } catch (IOException | RuntimeException e) {
      return Optional.empty();
    }
  }

  void write(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Path fresh =
        Files.createTempFile(
            file.getParent(),
            "login",
            null,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Map<String, String> fields =
        Map.of(
            "issuer", issuer,
            "user_id", userId,
            "access_token", accessToken,
            "refresh_token", refreshToken,
            "expires", expires.toString());
    Files.write(fresh, JSON.writeValueAsBytes(fields), StandardOpenOption.WRITE);
    Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public String toString() {
    return "the login of " + userId;
  }
}
