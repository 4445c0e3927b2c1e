package org.llmroutes.callout;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.llmroutes.contract.Channels;

/**
 * What the contract has for outside users: of the channels whose address has a {@code {user_id}},
 * those that the routes receive are published on, what they send is listened to.
 */
final class OutsideSubjects {
  private static final String USER = "{user_id}";

  private final List<String> received;
  private final List<String> sent;

  private OutsideSubjects(List<String> received, List<String> sent) {
    this.received = received;
    this.sent = sent;
  }

  /**
   * @param asyncapi the contract
   */
  static OutsideSubjects of(Path asyncapi) {
    Channels contract = Channels.of(asyncapi);
    return new OutsideSubjects(
        ofUsers(contract.received()).toList(),
        ofUsers(contract.sent())
            .map(address -> address.substring(0, address.indexOf(USER) + USER.length()) + ".>")
            .distinct()
            .toList());
  }

  private static Stream<String> ofUsers(Set<String> addresses) {
    return addresses.stream().filter(address -> address.contains(USER));
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
        .map(address -> Channels.subject(address.replace(USER, user)))
        .collect(Collectors.toList());
  }
}
