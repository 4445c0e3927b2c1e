package org.llmroutes.retrieval;

import io.milvus.shaded.io.grpc.CallOptions;
import io.milvus.shaded.io.grpc.HandlerRegistry;
import io.milvus.shaded.io.grpc.ManagedChannel;
import io.milvus.shaded.io.grpc.MethodDescriptor;
import io.milvus.shaded.io.grpc.Server;
import io.milvus.shaded.io.grpc.ServerMethodDefinition;
import io.milvus.shaded.io.grpc.StatusRuntimeException;
import io.milvus.shaded.io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.milvus.shaded.io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.milvus.shaded.io.grpc.stub.ClientCalls;
import io.milvus.shaded.io.grpc.stub.ServerCalls;
import io.milvus.shaded.io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.function.BiConsumer;
import org.llmroutes.config.MilvusSettings;

/** Stands before a Milvus, and hands on its calls when the test lets it. */
final class MilvusRelay implements AutoCloseable {
  private static final MethodDescriptor.Marshaller<byte[]> AS_IT_IS =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(byte[] message) {
          return new ByteArrayInputStream(message);
        }

        @Override
        public byte[] parse(InputStream message) {
          try {
            return message.readAllBytes();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        }
      };

  private final BiConsumer<String, String> before;
  private final ManagedChannel behind;
  private final Server server;

  /**
   * @param before is given each call's method and content, and may wait, or throw a {@link
   *     StatusRuntimeException} to be answered in the place of Milvus
   */
  MilvusRelay(MilvusSettings milvus, BiConsumer<String, String> before) {
    this.before = before;
    behind = NettyChannelBuilder.forAddress(milvus.host(), milvus.port()).usePlaintext().build();
    try {
      server =
          NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
              .fallbackHandlerRegistry(new Calls())
              .build()
              .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  MilvusSettings settings() {
    return MilvusSettings.plain("127.0.0.1", server.getPort());
  }

  @Override
  public void close() {
    server.shutdownNow();
    behind.shutdownNow();
  }

  private final class Calls extends HandlerRegistry {
    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String name, String authority) {
      MethodDescriptor<byte[], byte[]> method =
          MethodDescriptor.newBuilder(AS_IT_IS, AS_IT_IS)
              .setType(MethodDescriptor.MethodType.UNARY)
              .setFullMethodName(name)
              .build();
      return ServerMethodDefinition.create(
          method,
          ServerCalls.asyncUnaryCall(
              (byte[] request, StreamObserver<byte[]> answer) -> relay(method, request, answer)));
    }

    private void relay(
        MethodDescriptor<byte[], byte[]> method, byte[] request, StreamObserver<byte[]> answer) {
      try {
        before.accept(method.getBareMethodName(), new String(request, StandardCharsets.ISO_8859_1));
        answer.onNext(ClientCalls.blockingUnaryCall(behind, method, CallOptions.DEFAULT, request));
        answer.onCompleted();
      } catch (StatusRuntimeException e) {
        answer.onError(e);
      }
    }
  }
}
