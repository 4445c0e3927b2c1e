package org.llmroutes.conversation;

import java.util.List;

/**
 * Where a conversation is in Valkey. Ids are subject tokens, so that no two pairs give the same
 * key; the braces keep all of one conversation in one cluster slot.
 *
 * @param order sorted set of request ids by arrival
 * @param turns hash of turns by request id
 * @param sources hash of the sources of an answer by request id
 * @param title text
 */
record ConversationKeys(String order, String turns, String sources, String title) {

  static ConversationKeys of(String user, String session) {
    String conversation = "conversation:{" + user + ":" + session + "}";
    return new ConversationKeys(
        conversation + ":order",
        conversation + ":turns",
        conversation + ":sources",
        conversation + ":title");
  }

  /** A pattern for all of a user; no character of an id has a meaning in it. */
  static String allOf(String user) {
    return "conversation:{" + user + ":*}:*";
  }

  /** Sorted set of a user's sessions by the arrival of their newest request. */
  static String listOf(String user) {
    return "conversations:{" + user + "}";
  }

  List<String> all() {
    return List.of(order, turns, sources, title);
  }
}
