package org.llmroutes.gateway;

/** A body that is written while it is made; what a route may leave as the body of its exchange. */
@FunctionalInterface
public interface StreamedBody {

  /** Where the body is written to. */
  @FunctionalInterface
  interface Output {
    /**
     * Writes what follows, and waits while the client reads more slowly than it is written to.
     *
     * @throws java.io.UncheckedIOException where the client has gone away
     */
    void write(byte[] bytes) throws InterruptedException;
  }

  /** Called once; an exception breaks the connection off. */
  void writeTo(Output output) throws Exception;
}
