package org.llmroutes.pipelines;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.msgpack.MsgpackCodec;

/** Runs as the bucket keeps them: MessagePack maps. */
@SuppressWarnings("unchecked") // what is read here was written here
final class RunEntryCodec {
  private static final Duration FORMER_PATIENCE = Duration.ofMinutes(15);

  private final MsgpackCodec codec;

  RunEntryCodec(MsgpackCodec codec) {
    this.codec = codec;
  }

  byte[] encode(RunEntry entry) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("request_id", entry.trigger().requestId());
    map.put("user_id", entry.trigger().userId());
    map.put("pipeline", entry.trigger().pipeline());
    map.put("engine", entry.trigger().engine());
    map.put("sequence", entry.trigger().sequence());
    if (entry.trigger().trace() != null) {
      map.put("trace", entry.trigger().trace());
    }
    map.put("plan", or(entry.plan(), RunEntryCodec::plan));
    map.put("original", or(entry.original(), RunEntryCodec::original));
    map.put("started", or(entry.started(), RunEntryCodec::started));
    map.put("submitted", entry.submitted());
    map.put("stop", entry.stop().name());
    map.put("stop_since", entry.stopSince());
    map.put("status", status(entry.status()));
    map.put("told", entry.told());
    return codec.encode(map);
  }

  RunEntry decode(byte[] payload) {
    Map<String, Object> map = codec.decodeMap(payload);
    return new RunEntry(
        new Trigger(
            (String) map.get("request_id"),
            (String) map.get("user_id"),
            (String) map.get("pipeline"),
            (String) map.get("engine"),
            (Long) map.get("sequence"),
            (String) map.get("trace")),
        or((Map<String, Object>) map.get("plan"), RunEntryCodec::readPlan),
        or((Map<String, Object>) map.get("original"), RunEntryCodec::readOriginal),
        or((Map<String, String>) map.get("started"), RunEntryCodec::readStarted),
        (Instant) map.get("submitted"),
        Stop.valueOf((String) map.get("stop")),
        (Instant) map.get("stop_since"),
        readStatus((Map<String, Object>) map.get("status")),
        ((Long) map.get("told")).intValue());
  }

  private static Map<String, Object> plan(Plan plan) {
    return Map.of(
        "target", plan.target(),
        "parameters", plan.parameters(),
        "deadline_ms", plan.deadline().toMillis(),
        "patience_ms", plan.patience().toMillis(),
        "accepted", plan.accepted());
  }

  private static Plan readPlan(Map<String, Object> map) {
    return new Plan(
        (Map<String, String>) map.get("target"),
        (Map<String, Object>) map.get("parameters"),
        Duration.ofMillis((Long) map.get("deadline_ms")),
        // entries of former versions have neither
        Duration.ofMillis((Long) map.getOrDefault("patience_ms", FORMER_PATIENCE.toMillis())),
        (Instant) map.getOrDefault("accepted", Instant.now()));
  }

  private static Map<String, Object> original(Original original) {
    return Map.of("payload", original.payload(), "headers", original.headers());
  }

  private static Original readOriginal(Map<String, Object> map) {
    return new Original((byte[]) map.get("payload"), (Map<String, String>) map.get("headers"));
  }

  private static Map<String, Object> started(StartedRun run) {
    return Map.of("id", run.id(), "namespace", run.namespace(), "url", run.url());
  }

  private static StartedRun readStarted(Map<String, String> map) {
    return new StartedRun(map.get("id"), map.get("namespace"), map.get("url"));
  }

  private static Map<String, Object> status(RunStatus status) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("seq", status.seq());
    map.put("status", status.status().wire());
    map.put("message", status.message());
    map.put("progress", status.progress());
    map.put("error", or(status.error(), ErrorCode::wire));
    map.put("at", status.at());
    map.put("waiting", status.waiting());
    return map;
  }

  private static RunStatus readStatus(Map<String, Object> map) {
    return new RunStatus(
        ((Long) map.get("seq")).intValue(),
        Status.ofWire((String) map.get("status")),
        (String) map.get("message"),
        (String) map.get("progress"),
        or((String) map.get("error"), ErrorCode::ofWire),
        (Instant) map.get("at"),
        Boolean.TRUE.equals(map.get("waiting")));
  }

  private static <T, R> R or(T value, Function<T, R> conversion) {
    return value == null ? null : conversion.apply(value);
  }
}
