package org.llmroutes.doctor;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llmroutes.identity.Authentication;
import org.llmroutes.nats.StreamDefinition;

/** This clock beside those of NATS, of the OpenID Connect provider and of the LLM service. */
final class ClockCheck implements Check {
  private static final String ADVICE =
      "set both clocks by NTP (systemd-timesyncd, chrony); deadlines and tokens go by them";

  /** HTTP dates are whole seconds. */
  private static final Duration NOTICED = Duration.ofSeconds(5);

  /** From here on tokens are refused. */
  private static final Duration TOO_MUCH = Duration.ofSeconds(60);

  @Override
  public String part() {
    return "clock";
  }

  @Override
  public void look(Installation here, Findings found) throws InterruptedException {
    Map<String, String> addresses = new LinkedHashMap<>();
    if (here.has("gateway") && Authentication.takesTokensOfProvider(here.settings())) {
      String issuer = here.settings().get("auth.oidc.issuer").replaceFirst("/$", "");
      addresses.put("oidc", issuer + "/.well-known/openid-configuration");
    }
    if (here.has("chat", "voice", "gateway")) {
      addresses.put("llm", here.services().llm().url() + "/models");
    }
    for (Map.Entry<String, String> address : addresses.entrySet()) {
      http(address.getKey(), address.getValue(), found);
    }
    nats(here, found);
  }

  private static void http(String name, String url, Findings found) throws InterruptedException {
    Instant before = Instant.now();
    try {
      HttpResponse<String> answer = Web.get(url, 1);
      Optional<Instant> date = answer.headers().firstValue("date").flatMap(ClockCheck::parse);
      if (date.isPresent()) {
        compare(name, before, date.get(), found);
      } else {
        found.notAsked(name, "it does not say its time");
      }
    } catch (IOException | IllegalArgumentException e) {
      found.notAsked(name, "it cannot be asked: " + Reason.of(e));
    }
  }

  private static Optional<Instant> parse(String date) {
    try {
      return Optional.of(
          ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private static void nats(Installation here, Findings found) {
    try {
      List<StreamDefinition> streams =
          StreamDefinition.readAll(here.settings().path("config/nats"));
      Instant before = Instant.now();
      Optional<ZonedDateTime> time =
          streams.get(0).find(here.nats().jetStreamManagement()).map(info -> info.getTimestamp());
      if (time.isPresent()) {
        compare("nats", before, time.get().toInstant(), found);
        return;
      }
    } catch (Exception e) {
      // told by the checks of NATS and of streams
    }
    found.notAsked("nats", "it does not say its time");
  }

  /** The other time was told somewhen between before and now. */
  private static void compare(String name, Instant before, Instant told, Findings found) {
    Instant now = Instant.now();
    Duration ahead = told.isAfter(now) ? Duration.between(now, told) : Duration.ZERO;
    Duration behind = told.isBefore(before) ? Duration.between(told, before) : Duration.ZERO;
    Duration apart = ahead.compareTo(behind) > 0 ? ahead : behind;
    String text =
        "its clock is %d s %s this one"
            .formatted(apart.toSeconds(), ahead.isZero() ? "behind" : "ahead of");
    if (apart.compareTo(TOO_MUCH) >= 0) {
      found.notWell(name, text, ADVICE);
    } else if (apart.compareTo(NOTICED) >= 0) {
      found.warning(name, text, ADVICE);
    } else {
      found.well(name, "the same time there");
    }
  }
}
