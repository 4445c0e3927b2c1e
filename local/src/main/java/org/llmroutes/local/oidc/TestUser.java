package org.llmroutes.local.oidc;

import java.util.List;
import java.util.Optional;

/** Who can log in here; nobody has a password. */
public record TestUser(String name, List<String> groups) {
  public static final List<TestUser> ALL =
      List.of(
          new TestUser("ada", List.of("staff", "hr")),
          new TestUser("bob", List.of("staff")),
          new TestUser("guest", List.of()));

  static Optional<TestUser> named(String name) {
    return ALL.stream().filter(user -> user.name().equals(name)).findFirst();
  }
}
