package org.llmroutes.valkey;

import io.lettuce.core.protocol.RedisCommand;
import io.lettuce.core.tracing.TraceContext;
import io.lettuce.core.tracing.TraceContextProvider;
import io.lettuce.core.tracing.Tracer;
import io.lettuce.core.tracing.TracerProvider;
import io.lettuce.core.tracing.Tracing;
import java.net.SocketAddress;
import java.util.Locale;
import org.llmroutes.telemetry.Names;
import org.llmroutes.telemetry.Span;

/**
 * A span for each command, part of what the thread works on that gives it; without keys and values.
 */
final class CommandTracing implements Tracing {
  private record Current(Span span) implements TraceContext {}

  private record Server() implements Endpoint {}

  @Override
  public TracerProvider getTracerProvider() {
    return CommandTracer::new;
  }

  @Override
  public TraceContextProvider initialTraceContextProvider() {
    return () -> new Current(org.llmroutes.telemetry.Tracing.current());
  }

  @Override
  public boolean isEnabled() {
    return true;
  }

  @Override
  public boolean includeCommandArgsInSpanTags() {
    return false;
  }

  @Override
  public Endpoint createEndpoint(SocketAddress address) {
    return new Server();
  }

  private static final class CommandTracer extends Tracer {
    @Override
    public Tracer.Span nextSpan() {
      return new CommandSpan(org.llmroutes.telemetry.Span.NONE);
    }

    @Override
    public Tracer.Span nextSpan(TraceContext context) {
      return new CommandSpan(
          context instanceof Current current ? current.span() : org.llmroutes.telemetry.Span.NONE);
    }
  }

  private static final class CommandSpan extends Tracer.Span {
    private final Span parent;
    private Span span = Span.NONE;

    CommandSpan(Span parent) {
      this.parent = parent;
    }

    @Override
    public Tracer.Span start(RedisCommand<?, ?, ?> command) {
      String operation = command.getType().toString().toUpperCase(Locale.ROOT);
      span =
          parent
              .begin(Span.Kind.CLIENT, "valkey " + operation)
              .set(Names.DB_SYSTEM, "valkey")
              .set(Names.DB_OPERATION, operation);
      if (command instanceof io.lettuce.core.protocol.CompleteableCommand<?> ending) {
        ending.onComplete(
            (result, failure) -> {
              if (failure != null) {
                span.fail(failure);
              }
              finish();
            });
      }
      return this;
    }

    @Override
    public Tracer.Span name(String name) {
      return this;
    }

    @Override
    public Tracer.Span annotate(String value) {
      return this;
    }

    @Override
    public Tracer.Span tag(String key, String value) {
      return this;
    }

    @Override
    public Tracer.Span error(Throwable failure) {
      span.fail(failure);
      return this;
    }

    @Override
    public Tracer.Span remoteEndpoint(Tracing.Endpoint endpoint) {
      return this;
    }

    @Override
    public void finish() {
      span.end();
    }
  }
}
