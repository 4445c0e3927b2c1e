package org.llmroutes.gateway;

import java.util.Optional;
import java.util.Set;

/** Everybody is {@code local}: for one machine whose gateway listens on loopback only. */
final class OpenCredentials implements Credentials {
  private static final Identity LOCAL = new Identity("local", Set.of());

  @Override
  public Optional<Identity> identify(String authorization) {
    return Optional.of(LOCAL);
  }
}
