package org.llmroutes.telemetry;

import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;

/** Work of which nothing is kept. */
final class NoSpan implements Span {
  private static final Scope NOTHING = () -> {};

  @Override
  public boolean isRecorded() {
    return false;
  }

  @Override
  public boolean isContinued() {
    return false;
  }

  @Override
  public Span begin(Kind kind, String name) {
    return this;
  }

  @Override
  public Span begin(Kind kind, String name, Instant at) {
    return this;
  }

  @Override
  public Span set(String attribute, String value) {
    return this;
  }

  @Override
  public Span set(String attribute, long value) {
    return this;
  }

  @Override
  public Span set(String attribute, double value) {
    return this;
  }

  @Override
  public Span set(String attribute, List<String> values) {
    return this;
  }

  @Override
  public String get(String attribute) {
    return null;
  }

  @Override
  public Span root() {
    return this;
  }

  @Override
  public void request(String requestId) {
    // nothing is kept
  }

  @Override
  public void link(String traceparent) {
    // nothing is kept
  }

  @Override
  public void fail(String errorType) {
    // nothing is kept
  }

  @Override
  public void fail(Throwable failure) {
    // nothing is kept
  }

  @Override
  public void inject(BiConsumer<String, String> headers) {
    // nobody can go on with it
  }

  @Override
  public String traceparent() {
    return null;
  }

  @Override
  public Scope enter() {
    return NOTHING;
  }

  @Override
  public void end() {
    // nothing is kept
  }

  @Override
  public void end(Instant at) {
    // nothing is kept
  }
}
