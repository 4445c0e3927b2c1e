package org.llmroutes.nats;

/**
 * Subjects that carry a user. Response subjects carry none, so whoever may not read the answers of
 * others listens to copies below {@code ai.user.{user}}.
 */
public final class UserSubjects {
  private static final String ROOT = "ai";
  private static final String USER = "user";

  private UserSubjects() {}

  /** For {@code ai.chat.response.ID} the subject {@code ai.user.{user}.chat.response.ID}. */
  public static String copyOf(String subject, String user) {
    return ROOT + "." + USER + "." + user + subject.substring(ROOT.length());
  }

  /** The user of {@code ai.{family}.user.{user}.…}; null where a subject is of no such form. */
  public static String userOf(String subject) {
    String[] tokens = subject.split("\\.");
    return tokens.length > 4 && ROOT.equals(tokens[0]) && USER.equals(tokens[2]) ? tokens[3] : null;
  }
}
