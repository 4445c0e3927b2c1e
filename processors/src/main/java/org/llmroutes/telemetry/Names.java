package org.llmroutes.telemetry;

/**
 * Attributes of spans: those of the stable conventions of OpenTelemetry 1.37, those for messaging
 * in development there, and our own, which begin with {@code llm_routes}.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/semconv/">Semantic conventions</a>
 */
public final class Names {
  public static final String ERROR_TYPE = "error.type";
  public static final String HTTP_METHOD = "http.request.method";
  public static final String HTTP_STATUS = "http.response.status_code";
  public static final String HTTP_ROUTE = "http.route";
  public static final String URL_PATH = "url.path";
  public static final String SERVER_ADDRESS = "server.address";
  public static final String SERVER_PORT = "server.port";
  public static final String DB_SYSTEM = "db.system.name";
  public static final String DB_OPERATION = "db.operation.name";
  public static final String DB_BATCH_SIZE = "db.operation.batch.size";
  public static final String MESSAGING_SYSTEM = "messaging.system";
  public static final String MESSAGING_OPERATION = "messaging.operation.type";
  public static final String MESSAGING_DESTINATION = "messaging.destination.name";
  public static final String MESSAGING_SIZE = "messaging.message.body.size";
  public static final String MESSAGING_COUNT = "messaging.batch.message_count";

  public static final String REQUEST_ID = "llm_routes.request.id";
  public static final String USER_ID = "user.id";
  public static final String ROUTE = "llm_routes.route";
  public static final String STEP = "llm_routes.step";
  public static final String KAMELET = "llm_routes.kamelet";
  public static final String SERVICE = "llm_routes.service";

  /** How a turn ended: the finish reason or the code of its error. */
  public static final String OUTCOME = "llm_routes.outcome";

  /** Steps that were done without. */
  public static final String DEGRADED = "llm_routes.degraded";

  /** The step that a cancel stopped. */
  public static final String CANCELLED_IN = "llm_routes.cancelled_in";

  public static final String DELIVERY = "llm_routes.delivery";
  public static final String SETTLEMENT = "llm_routes.settlement";
  public static final String PIPELINE = "llm_routes.pipeline";
  public static final String ENGINE = "llm_routes.engine";
  public static final String STATUS = "llm_routes.status";

  /** The name of a run in its engine. */
  public static final String RUN_ID = "llm_routes.run.id";

  private Names() {}
}
