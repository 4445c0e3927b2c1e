package org.llmroutes.gateway;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes a {@link StreamedBody}, no faster than its client reads. */
final class BodyStream {
  private static final Logger LOG = LoggerFactory.getLogger(BodyStream.class);

  /** A client that reads nothing for so long has gone away. */
  private static final long PATIENCE_SECONDS = 60;

  private final Context context;
  private final HttpServerResponse response;

  /** What is done with a response on its own thread. */
  @FunctionalInterface
  private interface Step {
    Future<Void> on(HttpServerResponse response);
  }

  BodyStream(Context context, HttpServerResponse response) {
    this.context = context;
    this.response = response;
  }

  /** Returns once all of it is written, or the client is gone; breaks off what fails. */
  void write(String type, StreamedBody body) {
    try {
      body.writeTo(
          bytes ->
              await(
                  to ->
                      (to.headWritten() ? to : to.setChunked(true).putHeader("Content-Type", type))
                          .write(Buffer.buffer(bytes))));
      await(HttpServerResponse::end);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      response.reset();
    } catch (UncheckedIOException e) {
      LOG.debug("A client went away", e);
      response.reset();
    } catch (Exception e) {
      LOG.atWarn().addKeyValue("reason", e.getMessage()).log("a body was broken off");
      response.reset();
    }
  }

  private void await(Step step) throws InterruptedException {
    CompletableFuture<Void> done = new CompletableFuture<>();
    context.runOnContext(
        now -> {
          if (response.closed() || response.ended()) {
            done.completeExceptionally(new IOException("The client went away"));
          } else {
            step.on(response).onSuccess(done::complete).onFailure(done::completeExceptionally);
          }
        });
    try {
      done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new UncheckedIOException(new IOException("The client does not read", e));
    }
  }
}
