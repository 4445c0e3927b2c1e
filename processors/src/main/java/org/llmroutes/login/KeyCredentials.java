package org.llmroutes.login;

import io.nats.client.Options;

/** An API key. */
record KeyCredentials(String userId, String key) implements UserCredentials {
  @Override
  public void show(Options.Builder connection) {
    connection.userInfo(userId, key);
  }

  @Override
  public String remedy() {
    return Logins.KEY
        + " is not known, has expired or is another user's, or logins are not answered";
  }

  @Override
  public String toString() {
    return "an API key of " + userId;
  }
}
