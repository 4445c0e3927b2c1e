package org.llmroutes.steps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;

/** A Kamelet in a route does what Camel would have it do, on the exchange of the route itself. */
@Timeout(20)
class KameletStepTest {
  private static final String PROCESS =
      """
            - process:
                ref: "{{bean}}"
      """;

  private final MeterRegistry meters = new SimpleMeterRegistry();
  private final DefaultCamelContext camel = new DefaultCamelContext();
  @TempDir private Path kamelets;

  /** Leaves in the body what it has seen. */
  public static class Tell implements Processor {
    @Override
    public void process(Exchange exchange) {
      String route = exchange.getUnitOfWork().getRoute().getRouteId();
      String body = exchange.getMessage().getBody(String.class);
      if ("stop".equals(body)) {
        exchange.setRouteStop(true);
      }
      exchange.getMessage().setHeader("left", "behind");
      exchange.getMessage().setBody(body + " in " + route);
    }
  }

  /** Fails, and leaves a body to go on with. */
  public static class Fail implements Processor {
    @Override
    public void process(Exchange exchange) {
      exchange.getMessage().setBody("fallback");
      throw new StepException("search", ErrorCode.UNAVAILABLE, "away", null);
    }
  }

  @BeforeEach
  void bind() {
    Metrics.addRegistry(meters);
    camel.getCamelContextExtension().addInterceptStrategy(new KameletSteps());
  }

  @AfterEach
  void stop() throws Exception {
    camel.close();
    Metrics.removeRegistry(meters);
  }

  @Test
  void aKameletOfOneProcessorIsCalledOnTheExchangeOfItsRoute() throws Exception {
    kamelet("tell-action", Tell.class, PROCESS);
    start(to("tell-action", "") + to("tell-action", ""));

    assertThat(ask("here")).isEqualTo("here in caller in caller");
    assertThat(steps("ok")).isEqualTo(2);
  }

  @Test
  void variablesAreSentAndReceivedAndTheMessageStaysAsItWas() throws Exception {
    kamelet("tell-action", Tell.class, PROCESS);
    start(
        "      - setVariable: {name: question, constant: asked}\n"
            + to("tell-action", "variableSend: question, variableReceive: answer")
            + "      - setBody: {simple: '${body}|${variable.answer}|${header.left}'}\n");

    assertThat(ask("body")).isEqualTo("body|asked in caller|");
  }

  @Test
  void whatAStepStopsIsStopped() throws Exception {
    kamelet("tell-action", Tell.class, PROCESS);
    start(to("tell-action", "variableReceive: answer") + "      - setBody: {constant: on}\n");

    assertThat(ask("stop")).isEqualTo("stop in caller");
  }

  @Test
  void aFailureIsHandledByTheRouteWhichGoesOnWithWhatTheStepLeft() throws Exception {
    kamelet("fail-action", Fail.class, PROCESS);
    start(
        to("fail-action", "variableReceive: found")
            + "      - setBody: {simple: '${body}|${variable.found}'}\n",
        """
        - routeConfiguration:
            id: errors
            onException:
              - onException:
                  exception: [org.llmroutes.errors.StepException]
                  continued: {constant: "true"}
        """);

    assertThat(ask("body")).isEqualTo("body|fallback");
    assertThat(steps("unavailable")).isEqualTo(1);
  }

  @Test
  void aFailureThatNobodyHandlesIsTheRoutesFailure() throws Exception {
    kamelet("fail-action", Fail.class, PROCESS);
    start(to("fail-action", ""));

    assertThatThrownBy(() -> ask("body"))
        .isInstanceOf(CamelExecutionException.class)
        .hasRootCauseInstanceOf(StepException.class);
  }

  @Test
  void stepsInALineAreCalledInOrderAndNotBeyondAFailure() throws Exception {
    kamelet(
        "line-action", Tell.class, PROCESS + PROCESS + "      - to:\n          uri: mock:end\n");
    start(to("line-action", ""));

    assertThat(ask("here")).isEqualTo("here in caller in caller");
    assertThat(ask("stop")).isEqualTo("stop in caller");
    assertThat(
            camel
                .getEndpoint("mock:end", org.apache.camel.component.mock.MockEndpoint.class)
                .getReceivedCounter())
        .isEqualTo(1);
  }

  @Test
  void aKameletWithARouteOfItsOwnIsCalledAsCamelDoes() throws Exception {
    kamelet(
        "choice-action",
        Tell.class,
        """
              - filter:
                  simple: "${body} != 'left out'"
                  steps:
                    - process:
                        ref: "{{bean}}"
        """);
    start(to("choice-action", "variableReceive: answer") + "      - setBody: {variable: answer}\n");

    assertThat(ask("here")).matches("here in choice-action-\\d+");
    assertThat(ask("left out")).isEqualTo("left out");
    assertThat(steps("ok")).isEqualTo(2);
  }

  private void kamelet(String name, Class<?> bean, String steps) throws Exception {
    Files.writeString(
        kamelets.resolve(name + ".kamelet.yaml"),
        """
        apiVersion: camel.apache.org/v1
        kind: Kamelet
        metadata:
          name: %s
        spec:
          definition:
            title: Step
            type: object
          template:
            beans:
              - name: bean
                type: "#class:%s"
            from:
              uri: kamelet:source
              steps:
        %s"""
            .formatted(name, bean.getName(), steps.indent(2)));
  }

  private static String to(String kamelet, String variables) {
    return "      - to: {uri: 'kamelet:%s'%s}%n"
        .formatted(kamelet, variables.isEmpty() ? "" : ", " + variables);
  }

  private void start(String steps, String... more) throws Exception {
    camel
        .getComponent("kamelet", org.apache.camel.component.kamelet.KameletComponent.class)
        .setLocation("file:" + kamelets);
    String route =
        """
        - route:
            id: caller
            %s
            from:
              uri: direct:in
              steps:
        %s"""
            .formatted(
                more.length == 0 ? "description: no errors" : "routeConfigurationId: errors",
                steps.indent(2));
    for (String text : more) {
      load("errors.yaml", text);
    }
    load("routes.yaml", route);
    camel.start();
  }

  private void load(String name, String yaml) throws Exception {
    PluginHelper.getRoutesLoader(camel).loadRoutes(ResourceHelper.fromString(name, yaml));
  }

  private String ask(String body) {
    ProducerTemplate template = camel.createProducerTemplate();
    return template.requestBody("direct:in", body, String.class);
  }

  private long steps(String outcome) {
    return meters.find("llm.routes.step").tag("outcome", outcome).timers().stream()
        .mapToLong(Timer::count)
        .sum();
  }
}
