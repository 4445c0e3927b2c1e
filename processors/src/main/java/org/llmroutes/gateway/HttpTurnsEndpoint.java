package org.llmroutes.gateway;

import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.camel.Category;
import org.apache.camel.Consumer;
import org.apache.camel.Processor;
import org.apache.camel.Producer;
import org.apache.camel.spi.Metadata;
import org.apache.camel.spi.UriEndpoint;
import org.apache.camel.spi.UriParam;
import org.apache.camel.spi.UriPath;
import org.apache.camel.support.DefaultEndpoint;

/**
 * Take HTTP requests with JSON, forms or audio, and answer them from a route or from what arrives
 * for them on NATS.
 *
 * <p>The body of the exchange is what the request says as a map (without a body its query), a file
 * of it an {@link Upload}; its variables are who asks, the id of the request and the parameters of
 * the path. Where the endpoint names {@code responses}, the answer of that request is written as it
 * arrives, while no thread waits; otherwise the body that the route leaves is written: text as it
 * is, a {@link StreamedBody} while it is made, anything else as JSON, with the status in the header
 * {@code CamelHttpResponseCode}. An exception of the route becomes its status and {@code {"error":
 * {"code", "message", "retryable"}}}.
 */
@UriEndpoint(
    firstVersion = "0.2.0",
    scheme = "http-turns",
    title = "HTTP Turns",
    syntax = "http-turns:method/path",
    consumerOnly = true,
    category = {Category.HTTP})
public class HttpTurnsEndpoint extends DefaultEndpoint {
  private static final Pattern PARAMETER = Pattern.compile("\\{(\\w+)}");
  private static final Set<String> METHODS = Set.of("get", "post", "put", "patch", "delete");

  @UriPath(description = "The HTTP method", enums = "get,post,put,patch,delete")
  @Metadata(required = true)
  private final String method;

  @UriPath(description = "The path; {name} stands for a parameter")
  @Metadata(required = true)
  private final String path;

  @UriParam(
      description =
          "Subject of final responses without the request id; the answer of the request is written as it arrives there")
  private String responses;

  @UriParam(
      defaultValue = "false",
      description = "Whether the request was published before, so that its answer is only followed")
  private boolean resume;

  @UriParam(
      description =
          "Type of the WebSocket frames that are this call too; their fields stand for its body and for the parameters of its path")
  private String frame;

  @UriParam(
      defaultValue = "false",
      description =
          "Whether the request becomes a WebSocket once the route has let it pass; its frames go through the routes that have their type as frame")
  private boolean webSocket;

  @UriParam(
      defaultValue = "false",
      description =
          "Whether a request without responses counts in quota.turns-per-minute, as every turn does")
  private boolean counted;

  @UriParam(
      defaultValue = "CONTRACT",
      description =
          "How answers and errors are written: as the contract has them, which is RUN for the statuses of a run, or as the OpenAI API has them")
  private AnswerFormat format = AnswerFormat.CONTRACT;

  @UriParam(
      defaultValue = "JSON",
      description =
          "What a body is: a JSON object, a form, or audio, either alone or as a part of a form")
  private BodyForm body = BodyForm.JSON;

  @UriParam(
      defaultValue = "524288",
      description = "Bytes of a body at most, where it is a form those of its file")
  private int maxBytes = 524288;

  @UriParam(
      defaultValue = "0",
      description =
          "Bytes of its bodies that are received and worked on at the same time, of those of the gateway; 0 for no bound of its own")
  private int bodyBytes;

  @UriParam(
      defaultValue = "false",
      description = "Whether the last parameter of the path may have slashes in it")
  private boolean slashes;

  @UriParam(
      defaultValue = "0",
      description =
          "Threads of its own, for a call that holds one while a service works on it; 0 for those of the gateway")
  private int workers;

  HttpTurnsEndpoint(String uri, HttpTurnsComponent component, String method, String path) {
    super(uri, component);
    this.method = method.toLowerCase(Locale.ROOT);
    this.path = path;
    if (!METHODS.contains(this.method)) {
      throw new IllegalArgumentException("No HTTP method " + method + " in " + uri);
    }
  }

  @Override
  public Consumer createConsumer(Processor processor) throws Exception {
    HttpTurnsConsumer consumer = new HttpTurnsConsumer(this, processor);
    configureConsumer(consumer);
    return consumer;
  }

  @Override
  public Producer createProducer() {
    throw new UnsupportedOperationException("http-turns: only takes requests in");
  }

  public String getMethod() {
    return method;
  }

  /** The method, and with GET HEAD, unless the answer is one that goes on. */
  Set<HttpMethod> methods() {
    boolean head = "get".equals(method) && responses == null && !webSocket;
    HttpMethod only = HttpMethod.valueOf(method.toUpperCase(Locale.ROOT));
    return head ? Set.of(only, HttpMethod.HEAD) : Set.of(only);
  }

  public String getPath() {
    return path;
  }

  public String getResponses() {
    return responses;
  }

  public void setResponses(String responses) {
    this.responses = responses;
  }

  public boolean isResume() {
    return resume;
  }

  public void setResume(boolean resume) {
    this.resume = resume;
  }

  public String getFrame() {
    return frame;
  }

  public void setFrame(String frame) {
    this.frame = frame;
  }

  public boolean isWebSocket() {
    return webSocket;
  }

  public void setWebSocket(boolean webSocket) {
    this.webSocket = webSocket;
  }

  /** Names of the parameters in the path. */
  List<String> parameters() {
    return PARAMETER.matcher(path).results().map(found -> found.group(1)).toList();
  }

  public boolean isCounted() {
    return counted;
  }

  public void setCounted(boolean counted) {
    this.counted = counted;
  }

  public AnswerFormat getFormat() {
    return format;
  }

  public void setFormat(AnswerFormat format) {
    this.format = format;
  }

  public BodyForm getBody() {
    return body;
  }

  public void setBody(BodyForm body) {
    this.body = body;
  }

  public int getMaxBytes() {
    return maxBytes;
  }

  public void setMaxBytes(int maxBytes) {
    if (maxBytes < 0) {
      throw new IllegalArgumentException("maxBytes must not be below 0, is " + maxBytes);
    }
    this.maxBytes = maxBytes;
  }

  public int getBodyBytes() {
    return bodyBytes;
  }

  public void setBodyBytes(int bodyBytes) {
    if (bodyBytes < 0) {
      throw new IllegalArgumentException("bodyBytes must not be below 0, is " + bodyBytes);
    }
    this.bodyBytes = bodyBytes;
  }

  public boolean isSlashes() {
    return slashes;
  }

  public void setSlashes(boolean slashes) {
    this.slashes = slashes;
  }

  public int getWorkers() {
    return workers;
  }

  public void setWorkers(int workers) {
    if (workers < 0) {
      throw new IllegalArgumentException("workers must not be below 0, is " + workers);
    }
    this.workers = workers;
  }
}
