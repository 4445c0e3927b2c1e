package org.llmroutes.login;

import io.nats.client.Options;

/** What a command shows to a guarded nats-server. */
public interface UserCredentials {
  /** A subject token. */
  String userId();

  /** Sets what is shown, at every connect. */
  void show(Options.Builder connection);

  /** What to do where it is not taken. */
  String remedy();
}
