package org.llmroutes.config;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Forms of addresses that settings and the environment can hold. */
public enum Addresses {
  HTTP("a URL such as http://host:8000", Set.of("http", "https")),
  NATS("URLs such as nats://host:4222, separated by commas", Set.of("nats", "tls", "ws", "wss")) {
    @Override
    List<String> parts(String value) {
      return List.of(value.split("\\s*,\\s*", -1));
    }

    @Override
    boolean isRight(String address) {
      // the client library takes host:port as well
      return super.isRight(address.contains("://") ? address : "nats://" + address);
    }
  },
  VALKEY("a URL such as redis://host:6379", Set.of("redis", "rediss", "valkey", "valkeys"));

  private final String form;
  private final Set<String> schemes;

  Addresses(String form, Set<String> schemes) {
    this.form = form;
    this.schemes = schemes;
  }

  /** What the value must be and what it is, passwords left out; empty where it is right. */
  public Optional<String> mistakeIn(String value) {
    return parts(value).stream().allMatch(this::isRight)
        ? Optional.empty()
        : Optional.of("must be " + form + ", is " + value.replaceAll("//[^/@]*@", "//***@"));
  }

  List<String> parts(String value) {
    return List.of(value);
  }

  boolean isRight(String address) {
    try {
      URI uri = URI.create(address);
      return uri.getScheme() != null
          && schemes.contains(uri.getScheme())
          && uri.getHost() != null
          && uri.getPort() < 1 << 16
          && uri.getPort() != 0;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
