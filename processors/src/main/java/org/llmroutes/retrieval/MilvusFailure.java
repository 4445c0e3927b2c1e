package org.llmroutes.retrieval;

import io.milvus.shaded.io.grpc.Status;
import io.milvus.shaded.io.grpc.StatusRuntimeException;
import io.milvus.v2.exception.MilvusClientException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.llmroutes.config.MilvusSettings;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;

/**
 * What a failed call says of Milvus. What it says of the call alone (a collection that is not
 * there, a filter) is no failure here.
 *
 * @param gone whether the connection is worth nothing any more
 * @param reason reads on after {@code Milvus at http://localhost:19530}
 */
record MilvusFailure(boolean gone, String reason) {
  /** Of the SDK itself, which then has no status. */
  private static final Pattern OUTAGE = Pattern.compile("Channel shutdown|MilvusClient is closed");

  /** Of the SDK as well: of one collection, while Milvus answers that it is not done yet. */
  private static final Pattern LOADING = Pattern.compile("Load collection timeout");

  private static final Pattern NO_DATABASE =
      Pattern.compile("database \\S+ not exist|database not found", Pattern.CASE_INSENSITIVE);

  /** Of gRPC, where something before Milvus answers in HTTP alone, whatever the status it makes. */
  private static final String OF_HTTP = "HTTP status code ";

  /**
   * Rate limit and quota.
   *
   * @see <a href="https://github.com/milvus-io/milvus/blob/master/pkg/util/merr/errors.go">merr</a>
   */
  private static final List<Integer> BUSY = List.of(8, 9);

  static Optional<MilvusFailure> of(RuntimeException failure, MilvusSettings settings) {
    for (Throwable cause : causes(failure)) {
      if (cause instanceof StatusRuntimeException refused) {
        return ofStatus(refused.getStatus(), settings);
      }
      String message = String.valueOf(cause.getMessage());
      if (OUTAGE.matcher(message).find()) {
        return Optional.of(new MilvusFailure(true, "does not answer"));
      } else if (LOADING.matcher(message).find()) {
        return Optional.of(new MilvusFailure(false, "is still loading a collection"));
      } else if (NO_DATABASE.matcher(message).find()) {
        return Optional.of(
            new MilvusFailure(
                false, "has no database %s (MILVUS_DATABASE)".formatted(settings.database())));
      } else if (cause instanceof MilvusClientException refused
          && BUSY.contains(refused.getServerErrCode())) {
        return Optional.of(new MilvusFailure(false, "is busy: " + message));
      }
    }
    return Optional.empty();
  }

  private static Optional<MilvusFailure> ofStatus(Status status, MilvusSettings settings) {
    return switch (status.getCode()) {
      case UNAUTHENTICATED ->
          Optional.of(new MilvusFailure(false, unauthenticated(status, settings)));
      case PERMISSION_DENIED ->
          Optional.of(
              new MilvusFailure(false, "does not permit this to the user: " + description(status)));
      case UNAVAILABLE, DEADLINE_EXCEEDED ->
          Optional.of(new MilvusFailure(true, "does not answer"));
      case RESOURCE_EXHAUSTED ->
          Optional.of(new MilvusFailure(false, "is busy: " + description(status)));
      case INTERNAL, ABORTED, DATA_LOSS ->
          Optional.of(new MilvusFailure(false, "fails: " + description(status)));
      // these say of a call that it is unknown or wrong, where Milvus itself answers
      default ->
          description(status).startsWith(OF_HTTP)
              ? Optional.of(
                  new MilvusFailure(false, "is not what answers there: " + description(status)))
              : Optional.empty();
    };
  }

  private static String unauthenticated(Status status, MilvusSettings settings) {
    return settings.token().isEmpty()
        ? "wants a user: set MILVUS_TOKEN, or MILVUS_USER and MILVUS_PASSWORD"
        : "refuses MILVUS_TOKEN, or MILVUS_USER with MILVUS_PASSWORD: " + description(status);
  }

  /** The first line: after it gRPC tells headers and body of what was no answer of gRPC. */
  private static String description(Status status) {
    return Optional.ofNullable(status.getDescription())
        .flatMap(description -> description.lines().findFirst())
        .orElse("no reason given");
  }

  /** A library may have made a circle of them. */
  private static List<Throwable> causes(Throwable failure) {
    List<Throwable> causes = new ArrayList<>();
    for (Throwable c = failure; c != null && !causes.contains(c); c = c.getCause()) {
      causes.add(c);
    }
    return causes;
  }

  StepException exception(MilvusSettings settings, Exception cause) {
    return new StepException("search", ErrorCode.UNAVAILABLE, settings + " " + reason, cause);
  }
}
