package org.llmroutes.callout;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.llmroutes.config.YamlFile;

/**
 * What the contract has for outside users: of the channels whose address has a {@code {user_id}},
 * those that the routes receive are published on, what they send is listened to.
 */
final class OutsideSubjects {
  private static final String USER = "{user_id}";

  private final Set<String> received = new TreeSet<>();
  private final Set<String> sent = new TreeSet<>();

  private OutsideSubjects() {}

  /**
   * @param asyncapi the contract
   */
  static OutsideSubjects of(Path asyncapi) {
    OutsideSubjects subjects = new OutsideSubjects();
    JsonNode contract = YamlFile.read(asyncapi, asyncapi.toString());
    for (JsonNode operation : contract.required("operations")) {
      String channel = operation.required("channel").required("$ref").asText();
      String address = contract.at(channel.substring(1)).required("address").asText();
      if (address.contains(USER)) {
        subjects.add(operation.required("action").asText(), address);
      }
    }
    return subjects;
  }

  private void add(String action, String address) {
    if ("receive".equals(action)) {
      received.add(address);
    } else {
      sent.add(address.substring(0, address.indexOf(USER) + USER.length()) + ".>");
    }
  }

  /**
   * Subjects that a user may publish on.
   *
   * @param user a subject token, or {@code *} for all users
   */
  List<String> publish(String user) {
    return of(user, received.stream());
  }

  /** Subjects that a user may listen to, its inbox among them. */
  List<String> subscribe(String user) {
    return of(user, Stream.concat(sent.stream(), Stream.of("_INBOX_" + USER + ".>")));
  }

  private static List<String> of(String user, Stream<String> addresses) {
    return addresses
        .map(address -> address.replace(USER, user).replaceAll("\\{[a-z_]+}", "*"))
        .collect(Collectors.toList());
  }
}
