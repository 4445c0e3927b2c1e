package org.llmroutes.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.llmroutes.config.YamlFile;

/**
 * The addresses of the contract's channels, with their parameters, for instance {@code
 * ai.chat.user.{user_id}.message}.
 *
 * @param received what the routes take in
 * @param sent what they send
 */
public record Channels(Set<String> received, Set<String> sent) {

  /**
   * @param asyncapi the contract
   */
  public static Channels of(Path asyncapi) {
    Channels channels = new Channels(new TreeSet<>(), new TreeSet<>());
    JsonNode contract = YamlFile.read(asyncapi, asyncapi.toString());
    for (JsonNode operation : contract.required("operations")) {
      String channel = operation.required("channel").required("$ref").asText();
      String address = contract.at(channel.substring(1)).required("address").asText();
      boolean received = "receive".equals(operation.required("action").asText());
      (received ? channels.received : channels.sent).add(address);
    }
    return channels;
  }

  /** An address as a subject of all its messages. */
  public static String subject(String address) {
    return address.replaceAll("\\{[a-z_]+}", "*");
  }
}
