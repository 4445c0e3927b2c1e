package org.llmroutes.pipelines.argo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.llmroutes.pipelines.argo.MockCluster.RUN;

import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.fabric8.mockwebserver.dsl.ReturnOrWebsocketable;
import io.fabric8.mockwebserver.dsl.TimesOnceableOrHttpHeaderable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;

/** What the API server refuses, and what that means for a run. */
@Timeout(60)
class ArgoFailuresTest {
  private static final String WORKFLOW = MockCluster.WORKFLOWS + "/" + RUN.name();

  private final MockCluster cluster = new MockCluster();
  private final ArgoEngine engine = new ArgoEngine(cluster.client(), "");

  @BeforeEach
  void addTemplate() {
    cluster.addTemplate(MockCluster.TEMPLATE);
  }

  @AfterEach
  void close() {
    engine.close();
    cluster.close();
  }

  private static TimesOnceableOrHttpHeaderable<Void> refusing(
      ReturnOrWebsocketable<TimesOnceableOrHttpHeaderable<Void>> request, int code) {
    return request.andReturn(
        code, new StatusBuilder().withCode(code).withMessage("the reason").build());
  }

  private TurnException startFails() {
    return assertThatExceptionOfType(TurnException.class)
        .isThrownBy(() -> engine.start(RUN))
        .actual();
  }

  @ParameterizedTest
  @CsvSource({
    "400, REJECTED, refused the Workflow: the reason",
    "403, REJECTED, does not let the bridge start Workflows in namespace ai-ml",
    "404, REJECTED, refused the Workflow: the reason",
    "422, REJECTED, refused the Workflow: the reason",
    "401, UNAVAILABLE, HTTP 401",
    "409, UNAVAILABLE, HTTP 409",
    "429, UNAVAILABLE, HTTP 429",
    "500, UNAVAILABLE, HTTP 500",
    "503, UNAVAILABLE, HTTP 503",
  })
  void aWorkflowThatIsNotCreated(int code, ErrorCode expected, String message) {
    refusing(cluster.server.expect().post().withPath(MockCluster.WORKFLOWS), code).once();
    assertThat(startFails()).hasMessageContaining(message).extracting("code").isEqualTo(expected);
    assertThat(engine.start(RUN).id()).isEqualTo(RUN.name());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          workflows.argoproj.io "w" is forbidden: exceeded quota: team, requested: count/workflows.argoproj.io=1 | UNAVAILABLE
          workflows.argoproj.io "w" is forbidden: status unknown for quota: team, resources: pods                | UNAVAILABLE
          workflows.argoproj.io is forbidden: User "u" cannot create resource "workflows" in API group           | REJECTED
          """)
  void aQuotaIsWaitedForAndAPermissionIsNot(String words, ErrorCode expected) {
    cluster
        .server
        .expect()
        .post()
        .withPath(MockCluster.WORKFLOWS)
        .andReturn(
            403,
            new StatusBuilder().withCode(403).withReason("Forbidden").withMessage(words).build())
        .once();

    assertThat(startFails()).hasMessageContaining(words).extracting("code").isEqualTo(expected);
  }

  @Test
  void aTemplateThatMayNotBeRead() {
    refusing(
            cluster
                .server
                .expect()
                .get()
                .withPath(MockCluster.TEMPLATES + "/" + MockCluster.TEMPLATE),
            403)
        .once();
    assertThat(startFails().code()).isEqualTo(ErrorCode.REJECTED);
    assertThat(engine.look(RUN)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 500})
  void aRunThatMayNotBeReadIsNotGone(int code) {
    refusing(cluster.server.expect().get().withPath(WORKFLOW), code).times(2);
    for (Runnable call : new Runnable[] {() -> engine.look(RUN), () -> engine.stop(RUN)}) {
      assertThatExceptionOfType(TurnException.class)
          .isThrownBy(call::run)
          .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }
    assertThat(engine.look(RUN)).isEmpty();
  }

  @Test
  void aStopThatIsRefused() {
    engine.start(RUN);
    refusing(cluster.server.expect().patch().withPath(WORKFLOW), 403).once();
    assertThatExceptionOfType(TurnException.class)
        .isThrownBy(() -> engine.stop(RUN))
        .satisfies(e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    engine.stop(RUN);
    assertThat(cluster.workflows().withName(RUN.name()).get().<String>get("spec", "shutdown"))
        .isEqualTo("Terminate");
  }

  @Test
  void aRunThatGoesWhileItIsStopped() {
    engine.start(RUN);
    refusing(cluster.server.expect().patch().withPath(WORKFLOW), 404).once();
    engine.stop(RUN);
  }
}
