package org.llmroutes.retrieval;

import io.milvus.grpc.BoolResponse;
import io.milvus.grpc.ConnectRequest;
import io.milvus.grpc.ConnectResponse;
import io.milvus.grpc.HasCollectionRequest;
import io.milvus.grpc.ListDatabasesRequest;
import io.milvus.grpc.ListDatabasesResponse;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.shaded.io.grpc.Metadata;
import io.milvus.shaded.io.grpc.Server;
import io.milvus.shaded.io.grpc.ServerCall;
import io.milvus.shaded.io.grpc.ServerCallHandler;
import io.milvus.shaded.io.grpc.ServerInterceptor;
import io.milvus.shaded.io.grpc.Status;
import io.milvus.shaded.io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.milvus.shaded.io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.milvus.shaded.io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.llmroutes.config.MilvusSettings;

/** A gRPC server in the place of a Milvus without collections that is guarded in some way. */
final class FakeMilvus implements AutoCloseable {
  /** As the headers of each call say it. */
  record Caller(String token, String database) {}

  final List<Caller> callers = new CopyOnWriteArrayList<>();
  private final Server server;

  /**
   * @param tls null for none
   * @param guard what a caller is told, {@code OK} to be let through
   */
  FakeMilvus(SslContext tls, Function<Caller, Status> guard) {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
            .addService(new Empty())
            .intercept(new Guard(guard));
    if (tls != null) {
      builder.sslContext(tls);
    }
    try {
      server = builder.build().start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** To be reached as it is, by nobody in particular. */
  MilvusSettings settings() {
    return MilvusSettings.plain("127.0.0.1", server.getPort());
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private final class Guard implements ServerInterceptor {
    private final Function<Caller, Status> guard;

    Guard(Function<Caller, Status> guard) {
      this.guard = guard;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
      String token = header(headers, "authorization");
      Caller caller =
          new Caller(new String(Base64.getDecoder().decode(token)), header(headers, "dbname"));
      callers.add(caller);
      Status answer = guard.apply(caller);
      if (answer.isOk()) {
        return next.startCall(call, headers);
      }
      call.close(answer, new Metadata());
      return new ServerCall.Listener<>() {};
    }

    private static String header(Metadata headers, String name) {
      String value = headers.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
      return value == null ? "" : value;
    }
  }

  private static final class Empty extends MilvusServiceGrpc.MilvusServiceImplBase {
    private static io.milvus.grpc.Status success() {
      return io.milvus.grpc.Status.getDefaultInstance();
    }

    @Override
    public void connect(ConnectRequest request, StreamObserver<ConnectResponse> answer) {
      answer.onNext(ConnectResponse.newBuilder().setStatus(success()).build());
      answer.onCompleted();
    }

    @Override
    public void listDatabases(
        ListDatabasesRequest request, StreamObserver<ListDatabasesResponse> answer) {
      answer.onNext(
          ListDatabasesResponse.newBuilder().setStatus(success()).addDbNames("default").build());
      answer.onCompleted();
    }

    @Override
    public void hasCollection(HasCollectionRequest request, StreamObserver<BoolResponse> answer) {
      answer.onNext(BoolResponse.newBuilder().setStatus(success()).setValue(false).build());
      answer.onCompleted();
    }
  }
}
