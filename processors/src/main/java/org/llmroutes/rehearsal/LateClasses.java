package org.llmroutes.rehearsal;

import java.util.List;

/**
 * Classes that code of a turn names and that a rehearsal does not need: for counting by two threads
 * at once, for failures, and those of Milvus' client that code of everybody has met in the
 * recording. With the profiles of an archive the JVM leaves a method to C1 until all classes are
 * initialized that C2's code of it once needed, and gives up code that meets one that was not.
 */
final class LateClasses {
  static final List<String> NAMES =
      List.of(
          "java.util.concurrent.atomic.Striped64$Cell",
          "java.util.concurrent.ConcurrentHashMap$CounterCell",
          "java.util.ImmutableCollections$SubList",
          "jdk.internal.math.FDBigInteger",
          "sun.nio.ch.IOVecWrapper",
          "java.lang.InterruptedException",
          "java.lang.reflect.InvocationTargetException",
          "java.net.ConnectException",
          "java.net.URISyntaxException",
          "java.nio.channels.ClosedChannelException",
          "java.util.concurrent.TimeoutException",
          "com.networknt.schema.annotation.Annotations",
          "org.apache.camel.util.json.JsonObject",
          "redis.clients.jedis.util.IOUtils",
          "org.llmroutes.errors.StepException",
          "org.llmroutes.errors.TurnException",
          "org.llmroutes.http.TransientFailure",
          "org.llmroutes.pipelines.EnqueueRun",
          "com.google.protobuf.ProtobufArrayList",
          "com.google.protobuf.SmallSortedMap$1",
          "io.milvus.shaded.io.grpc.internal.ManagedChannelImpl$ChannelStreamProvider$1RetryStream",
          "io.milvus.shaded.io.grpc.internal.RetriableStream$Substream",
          "io.milvus.shaded.io.grpc.netty.shaded.io.netty.util.concurrent.FastThreadLocalThread",
          "io.milvus.shaded.io.grpc.netty.shaded.io.netty.util.internal.LongAdderCounter",
          "io.milvus.shaded.io.grpc.stub.ClientCalls$ThreadlessExecutor");

  private LateClasses() {}

  static void initialize() {
    for (String name : NAMES) {
      try {
        Class.forName(name);
      } catch (ClassNotFoundException e) {
        // another JDK has no such class
        continue;
      }
    }
  }
}
