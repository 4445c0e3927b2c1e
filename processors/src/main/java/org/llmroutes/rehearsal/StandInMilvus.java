package org.llmroutes.rehearsal;

import com.google.protobuf.ByteString;
import io.milvus.grpc.BoolResponse;
import io.milvus.grpc.CollectionSchema;
import io.milvus.grpc.ConnectResponse;
import io.milvus.grpc.DataType;
import io.milvus.grpc.DescribeCollectionRequest;
import io.milvus.grpc.DescribeCollectionResponse;
import io.milvus.grpc.DescribeIndexRequest;
import io.milvus.grpc.DescribeIndexResponse;
import io.milvus.grpc.FieldData;
import io.milvus.grpc.FieldSchema;
import io.milvus.grpc.GetLoadingProgressResponse;
import io.milvus.grpc.IDs;
import io.milvus.grpc.IndexDescription;
import io.milvus.grpc.IntArray;
import io.milvus.grpc.JSONArray;
import io.milvus.grpc.KeyValuePair;
import io.milvus.grpc.MilvusServiceGrpc;
import io.milvus.grpc.ScalarField;
import io.milvus.grpc.SearchResultData;
import io.milvus.grpc.SearchResults;
import io.milvus.grpc.Status;
import io.milvus.grpc.StringArray;
import io.milvus.shaded.io.grpc.Server;
import io.milvus.shaded.io.grpc.ServerCallHandler;
import io.milvus.shaded.io.grpc.ServerServiceDefinition;
import io.milvus.shaded.io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.milvus.shaded.io.grpc.stub.ServerCalls;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Has every collection, and finds the same passages whatever is asked.
 *
 * @see <a href="https://github.com/milvus-io/milvus-proto">milvus-proto</a>
 */
final class StandInMilvus implements AutoCloseable {
  /** The collection that cannot be searched by words, as none can before Milvus 2.5. */
  static final String WITHOUT_WORDS = "meaning";

  /** Passages; as many as are reranked. */
  static final int FOUND = 20;

  private static final SearchResults RESULTS = results();

  private final Server server;

  StandInMilvus() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .directExecutor()
            .addService(service())
            .build()
            .start();
  }

  int port() {
    return server.getPort();
  }

  /** No more than is asked for: each method has classes of its own, which an archive would keep. */
  private static ServerServiceDefinition service() {
    return ServerServiceDefinition.builder(MilvusServiceGrpc.SERVICE_NAME)
        .addMethod(
            MilvusServiceGrpc.getConnectMethod(),
            answering(request -> ConnectResponse.newBuilder().setIdentifier(1).build()))
        .addMethod(
            MilvusServiceGrpc.getHasCollectionMethod(),
            answering(request -> BoolResponse.newBuilder().setValue(true).build()))
        .addMethod(
            MilvusServiceGrpc.getDescribeCollectionMethod(), answering(StandInMilvus::collection))
        .addMethod(MilvusServiceGrpc.getDescribeIndexMethod(), answering(StandInMilvus::index))
        .addMethod(
            MilvusServiceGrpc.getLoadCollectionMethod(),
            answering(request -> Status.getDefaultInstance()))
        .addMethod(
            MilvusServiceGrpc.getGetLoadingProgressMethod(),
            answering(request -> GetLoadingProgressResponse.newBuilder().setProgress(100).build()))
        .addMethod(MilvusServiceGrpc.getSearchMethod(), answering(request -> RESULTS))
        .build();
  }

  private static <Q, A> ServerCallHandler<Q, A> answering(Function<Q, A> answer) {
    return ServerCalls.asyncUnaryCall(
        (request, client) -> {
          client.onNext(answer.apply(request));
          client.onCompleted();
        });
  }

  private static DescribeCollectionResponse collection(DescribeCollectionRequest request) {
    CollectionSchema.Builder schema =
        CollectionSchema.newBuilder()
            .setEnableDynamicField(true)
            .addFields(field("id", DataType.VarChar).setIsPrimaryKey(true))
            .addFields(field("document", DataType.VarChar))
            .addFields(field("title", DataType.VarChar))
            .addFields(field("text", DataType.VarChar))
            .addFields(field("chunk", DataType.Int32))
            .addFields(field("readers", DataType.Array).setElementType(DataType.VarChar))
            .addFields(
                field("dense", DataType.FloatVector)
                    .addTypeParams(pair("dim", Integer.toString(StandInModels.DIMENSION))));
    if (!WITHOUT_WORDS.equals(request.getCollectionName())) {
      schema.addFields(field("sparse", DataType.SparseFloatVector));
    }
    return DescribeCollectionResponse.newBuilder().setSchema(schema).build();
  }

  private static FieldSchema.Builder field(String name, DataType type) {
    return FieldSchema.newBuilder().setName(name).setDataType(type);
  }

  private static DescribeIndexResponse index(DescribeIndexRequest request) {
    return DescribeIndexResponse.newBuilder()
        .addIndexDescriptions(
            IndexDescription.newBuilder()
                .setFieldName(request.getFieldName())
                .addParams(pair("index_type", "AUTOINDEX"))
                .addParams(pair("metric_type", "COSINE")))
        .build();
  }

  private static KeyValuePair pair(String key, String value) {
    return KeyValuePair.newBuilder().setKey(key).setValue(value).build();
  }

  private static SearchResults results() {
    SearchResultData.Builder found =
        SearchResultData.newBuilder()
            .setNumQueries(1)
            .setTopK(FOUND)
            .addTopks(FOUND)
            .setPrimaryFieldName("id")
            .setIds(IDs.newBuilder().setStrId(texts("passage-%d"::formatted)))
            .addFieldsData(column("document", "document-%d.md"::formatted))
            .addFieldsData(column("title", "Document %d"::formatted))
            .addFieldsData(column("text", i -> "What %d says of it. ".formatted(i).repeat(24)));
    IntArray.Builder chunks = IntArray.newBuilder();
    JSONArray.Builder metadata = JSONArray.newBuilder();
    for (int i = 0; i < FOUND; i++) {
      found.addScores(1f / (i + 1));
      chunks.addData(i);
      metadata.addData(ByteString.copyFromUtf8("{\"language\":\"en\"}"));
    }
    found
        .addFieldsData(
            FieldData.newBuilder()
                .setType(DataType.Int32)
                .setFieldName("chunk")
                .setScalars(ScalarField.newBuilder().setIntData(chunks)))
        .addFieldsData(
            FieldData.newBuilder()
                .setType(DataType.JSON)
                .setFieldName("$meta")
                .setIsDynamic(true)
                .setScalars(ScalarField.newBuilder().setJsonData(metadata)));
    found.getFieldsDataList().forEach(field -> found.addOutputFields(field.getFieldName()));
    return SearchResults.newBuilder().setResults(found).build();
  }

  private static FieldData column(String name, IntFunction<String> value) {
    return FieldData.newBuilder()
        .setType(DataType.VarChar)
        .setFieldName(name)
        .setScalars(ScalarField.newBuilder().setStringData(texts(value)))
        .build();
  }

  private static StringArray texts(IntFunction<String> value) {
    return StringArray.newBuilder()
        .addAllData(IntStream.range(0, FOUND).mapToObj(value).toList())
        .build();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
