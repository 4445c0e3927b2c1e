package org.llmroutes.pipelines;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llmroutes.config.Settings;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;
import org.llmroutes.local.Project;
import org.llmroutes.pipelines.RunState.Phase;
import org.llmroutes.telemetry.Span;
import org.llmroutes.telemetry.Tracing;

/** What every engine that runs pipelines elsewhere does, whatever runs them. */
@Timeout(60)
public abstract class PipelineEngineContract {
  protected PipelineEngine engine;

  /** The pipeline {@code ingest}, as the catalogue has it for this engine. */
  protected abstract Map<String, String> target();

  /** A new instance in front of the system, which knows the pipeline of {@link #target}. */
  protected abstract PipelineEngine instance();

  /** An instance whose system is not there. */
  protected abstract PipelineEngine nowhere();

  /** How many runs the system has. */
  protected abstract int runs();

  /** Lets the system bring the run into a phase. */
  protected abstract void move(PipelineRun run, Phase phase);

  /** Whether the system was asked to stop the run. */
  protected abstract boolean askedToStop(PipelineRun run);

  protected abstract void delete(PipelineRun run);

  @BeforeEach
  void openEngine() {
    engine = instance();
  }

  @AfterEach
  void closeEngine() {
    engine.close();
  }

  protected PipelineRun run(Map<String, Object> parameters) {
    return new PipelineRun("ingest-0a1b2c", "request-1", "ada", "ingest", target(), parameters, "");
  }

  protected PipelineRun run() {
    return run(Map.of());
  }

  protected PipelineRun started() {
    return started(engine, run());
  }

  /** Starts the run as part of a trace of its own, whose id is given. */
  protected String startedTraced(PipelineEngine engine) {
    Runnable stop = Tracing.start(Settings.load(Project.root(), Map.of("TELEMETRY_LOCAL", "true")));
    Span turn = Tracing.receive(Span.Kind.CONSUMER, "pipeline turn", name -> null);
    try (Span.Scope ignored = turn.enter()) {
      engine.start(run());
      return turn.traceparent().substring(3, 35);
    } finally {
      stop.run();
    }
  }

  /** Does something as part of what goes on of a trace, and gives its traceparent. */
  public static String inATrace(Runnable work) {
    String traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    Runnable stop = Tracing.start(Settings.load(Project.root(), Map.of("TELEMETRY_LOCAL", "true")));
    try (Span.Scope ignored = Tracing.continued(traceparent).enter()) {
      work.run();
      return traceparent;
    } finally {
      stop.run();
    }
  }

  protected static PipelineRun started(PipelineEngine engine, PipelineRun run) {
    return new PipelineRun(
        run.name(),
        run.requestId(),
        run.userId(),
        run.pipeline(),
        run.target(),
        run.parameters(),
        engine.start(run).id());
  }

  protected void awaitState(PipelineRun run, RunState state) {
    await().untilAsserted(() -> assertThat(engine.look(run)).contains(state));
  }

  protected static void fails(ErrorCode code, String message, ThrowingCallable call) {
    assertThatExceptionOfType(TurnException.class)
        .isThrownBy(call)
        .withMessageContaining(message)
        .satisfies(e -> assertThat(e.code()).isEqualTo(code));
  }

  @Test
  void isStartedOnceInWhateverTraces() {
    startedTraced(engine);
    startedTraced(engine);
    engine.start(run());

    assertThat(runs()).isEqualTo(1);
  }

  private void awaitPhase(PipelineRun run, Phase phase) {
    await().untilAsserted(() -> assertThat(engine.look(run)).map(RunState::phase).contains(phase));
  }

  @Test
  void aNewRunIsPending() {
    assertThat(engine.look(started())).contains(new RunState(Phase.PENDING, "", ""));
  }

  @Test
  void startedTwiceItIsOneRun() {
    StartedRun first = engine.start(run());
    try (PipelineEngine another = instance()) {
      assertThat(another.start(run())).isEqualTo(first).isEqualTo(engine.start(run()));
    }
    assertThat(runs()).isOne();
  }

  @Test
  void aRunThatHasEndedIsNotStartedAgain() {
    PipelineRun run = started();
    move(run, Phase.SUCCEEDED);
    assertThat(engine.start(run()).id()).isEqualTo(run.id());
    assertThat(runs()).isOne();
  }

  @Test
  void anotherRequestsRunIsNotTaken() {
    PipelineRun run = started();
    for (String[] other : new String[][] {{"request-2", "ada"}, {"request-1", "eve"}}) {
      PipelineRun same =
          new PipelineRun(run.name(), other[0], other[1], run.pipeline(), target(), Map.of(), "");
      fails(ErrorCode.REJECTED, "belongs to another request", () -> engine.start(same));
    }
  }

  @ParameterizedTest
  @EnumSource(Phase.class)
  void phasesAreSeen(Phase phase) {
    PipelineRun run = started();
    move(run, phase);
    awaitPhase(run, phase);
    try (PipelineEngine another = instance()) {
      assertThat(another.look(run)).map(RunState::phase).contains(phase);
    }
  }

  @Test
  void aRunningOneIsStopped() {
    PipelineRun run = started();
    move(run, Phase.RUNNING);
    engine.stop(run);
    assertThat(askedToStop(run)).isTrue();
    engine.stop(run);
    move(run, Phase.STOPPED);
    awaitPhase(run, Phase.STOPPED);
  }

  @Test
  void stoppedByWhatIsKnownBeforeItsStartWasNoted() {
    started();
    engine.stop(run());
    assertThat(askedToStop(run())).isTrue();
    assertThat(engine.look(run())).isPresent();
  }

  @ParameterizedTest
  @EnumSource(names = {"SUCCEEDED", "FAILED"})
  void oneThatHasEndedIsLeftAlone(Phase phase) {
    PipelineRun run = started();
    move(run, phase);
    engine.stop(run);
    awaitPhase(run, phase);
  }

  @Test
  void oneThatIsGoneIsUnknown() {
    PipelineRun run = started();
    awaitPhase(run, Phase.PENDING);
    delete(run);
    await().untilAsserted(() -> assertThat(engine.look(run)).isEmpty());
    engine.stop(run);
  }

  @Test
  void oneThatNeverWasIsUnknown() {
    assertThat(engine.look(run())).isEmpty();
    engine.stop(run());
  }

  @Test
  void aSystemThatIsAwayIsUnavailable() {
    PipelineRun run = started();
    try (PipelineEngine nowhere = nowhere()) {
      fails(ErrorCode.UNAVAILABLE, "cannot be reached", () -> nowhere.start(run));
      fails(ErrorCode.UNAVAILABLE, "cannot be reached", () -> nowhere.look(run));
      fails(ErrorCode.UNAVAILABLE, "cannot be reached", () -> nowhere.stop(run));
    }
  }
}
