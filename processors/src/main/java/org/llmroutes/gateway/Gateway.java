package org.llmroutes.gateway;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelContextAware;
import org.apache.camel.Service;
import org.apache.camel.builder.ThreadPoolBuilder;
import org.apache.camel.support.service.ServiceHelper;
import org.apache.camel.support.service.ServiceSupport;
import org.apache.camel.util.concurrent.ThreadPoolRejectedPolicy;
import org.llmroutes.config.Settings;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;
import org.llmroutes.identity.Authentication;
import org.llmroutes.identity.Identity;
import org.llmroutes.identity.Principals;
import org.llmroutes.msgpack.MsgpackCodec;
import org.llmroutes.turn.TurnLedger;
import org.llmroutes.turn.TurnOpening;

/** What the endpoints of {@code http-turns:} share. Starts and stops with Camel. */
public final class Gateway extends ServiceSupport implements CamelContextAware, MeterBinder {
  private static final long TICK_MILLIS = 1000;

  private final Settings settings;
  private final Connection connection;
  private final MsgpackCodec codec;
  private final TurnLedger ledger;
  private final Authentication authentication;
  private final Callers callers;
  private final Quotas quotas;
  private final FrameCalls frameCalls = new FrameCalls();
  private final FrameConnections connections;
  private final Origins origins;
  private final List<Service> doors = new ArrayList<>();
  private final Unserved unserved = new Unserved();
  private final Room room;
  private CamelContext context;
  private ExecutorService workers;
  private ScheduledExecutorService clock;
  private Answers answers;

  /**
   * @throws IllegalArgumentException for settings that do not go together
   */
  public Gateway(
      Settings settings,
      Connection connection,
      MsgpackCodec codec,
      TurnLedger ledger,
      Principals principals) {
    this.settings = settings;
    this.connection = connection;
    this.codec = codec;
    this.ledger = ledger;
    this.room = new Room(settings.getInt("gateway.bodies.max-bytes"));
    this.connections = FrameConnections.of(settings, frameCalls, room);
    this.origins = new Origins(settings.get("gateway.cors.origins"));
    this.quotas = Quotas.of(settings);
    this.authentication = Authentication.of(settings);
    Sealing sealing = Sealing.of(settings);
    Optional<WebSessions> sessions =
        authentication
            .login()
            .map(login -> new WebSessions(login, new SessionCookie(sealing, login.url())));
    this.callers = new Callers(authentication, sessions, open(settings), origins, principals);
    sessions.ifPresent(known -> doors.add(new WebLogin(this, known, sealing)));
    if (origins.hasOthers()) {
      doors.add(new CrossOrigin(origins, port()));
    }
  }

  /**
   * Looks at the settings of who asks.
   *
   * @throws IllegalArgumentException for those that do not go together
   */
  public static void check(Settings settings) {
    Authentication.of(settings);
    Sealing.of(settings);
    open(settings);
  }

  private static Optional<OpenCredentials> open(Settings settings) {
    return Authentication.isOpen(settings)
        ? Optional.of(new OpenCredentials(settings.get("gateway.host")))
        : Optional.empty();
  }

  @Override
  protected void doStart() throws Exception {
    doors.forEach(door -> CamelContextAware.trySetCamelContext(door, context));
    workers = newWorkers("gateway", settings.getInt("gateway.workers"));
    answers =
        new Answers(
            connection,
            codec,
            workers,
            settings.getInt("gateway.max-answers"),
            settings.getDuration("gateway.answer-timeout"));
    clock =
        context.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "gateway-clock");
    ServiceHelper.startService(doors);
    clock.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void bindTo(MeterRegistry registry) {
    Gauge.builder("llm.routes.gateway.open.answers", this, gateway -> gateway.openAnswers())
        .description("Answers on their way to clients")
        .register(registry);
    Gauge.builder("llm.routes.gateway.open.sockets", connections, FrameConnections::number)
        .description("WebSockets that are open")
        .register(registry);
  }

  /** When what tokens are checked by ends, by its name in metrics. */
  public Map<String, Supplier<Optional<Instant>>> credentials() {
    return authentication.ends();
  }

  private int openAnswers() {
    return answers == null ? 0 : answers.number();
  }

  /** Threads for requests, of which a bounded number waits for one. */
  ExecutorService newWorkers(String name, int size) throws Exception {
    return new ThreadPoolBuilder(context)
        .poolSize(size)
        .maxPoolSize(size)
        .maxQueueSize(settings.getInt("gateway.max-waiting"))
        .rejectedPolicy(ThreadPoolRejectedPolicy.Abort)
        .build(this, name);
  }

  @Override
  protected void doStop() {
    connections.close();
    quotas.close();
    ServiceHelper.stopService(doors);
    context.getExecutorServiceManager().shutdown(clock);
    context.getExecutorServiceManager().shutdown(workers);
  }

  private void tick() {
    answers.tick();
    connections.tick();
  }

  /** For the bodies of requests, until they have been worked on. */
  Room room() {
    return room;
  }

  /** How long the body of a request may take. */
  Duration bodyTimeout() {
    return settings.getDuration("gateway.bodies.timeout");
  }

  int port() {
    return settings.getInt("gateway.port");
  }

  Unserved unserved() {
    return unserved;
  }

  ExecutorService workers() {
    return workers;
  }

  Answers answers() {
    return answers;
  }

  FrameCalls frameCalls() {
    return frameCalls;
  }

  FrameConnections connections() {
    return connections;
  }

  Origins origins() {
    return origins;
  }

  Callers callers() {
    return callers;
  }

  Quotas quotas() {
    return quotas;
  }

  /**
   * The id of a request, also put into its body. One that a client chose is reserved for its user
   * first, so that nobody listens to somebody else's answer.
   *
   * @throws TurnException {@code invalid_message} where it cannot be an id, {@code rejected} where
   *     it is another user's
   */
  String requestId(Map<String, Object> body, Identity identity)
      throws IOException, JetStreamApiException {
    Object given = body.get("request_id");
    if (given == null) {
      String made = UUID.randomUUID().toString();
      body.put("request_id", made);
      return made;
    }
    String id =
        TurnOpening.token(given)
            .orElseThrow(
                () ->
                    new TurnException(
                        ErrorCode.INVALID_MESSAGE,
                        "request_id: must be 1 to 128 of A-Z a-z 0-9 _ -"));
    if (!ledger.reserve(id, identity.userId())) {
      throw new TurnException(ErrorCode.REJECTED, "request_id belongs to another user");
    }
    return id;
  }

  @Override
  public void setCamelContext(CamelContext camelContext) {
    context = camelContext;
  }

  @Override
  public CamelContext getCamelContext() {
    return context;
  }
}
