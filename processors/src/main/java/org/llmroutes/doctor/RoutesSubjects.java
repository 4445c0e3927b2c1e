package org.llmroutes.doctor;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.llmroutes.config.Settings;
import org.llmroutes.contract.Channels;
import org.llmroutes.nats.StreamDefinition;

/** On which subjects the routes publish and listen, as contract and stream definitions have it. */
record RoutesSubjects(List<String> publish, List<String> subscribe) {
  private static final String API = "$JS.API.";

  static RoutesSubjects of(Settings settings, boolean gateway) throws IOException {
    Channels contract = Channels.of(settings.path("config/asyncapi.yaml"));
    List<String> publish = subjects(contract.sent());
    publish.addAll(List.of("$JS.ACK.>", API + "STREAM.NAMES"));
    for (StreamDefinition stream : StreamDefinition.readAll(settings.path("config/nats"))) {
      String name = stream.name();
      publish.add(API + "STREAM.INFO." + name);
      publish.add(API + "STREAM.MSG.GET." + name);
      if (stream.stream().configuration().getAllowDirect()) {
        publish.add(API + "DIRECT.GET." + name + ".>");
      }
      for (String durable : stream.durables()) {
        publish.add(API + "CONSUMER.INFO." + name + "." + durable);
        publish.add(API + "CONSUMER.MSG.NEXT." + name + "." + durable);
      }
      if (name.startsWith("KV_") || name.startsWith("OBJ_")) {
        publish.addAll(stream.stream().configuration().getSubjects());
        publish.add(API + "CONSUMER.CREATE." + name + ".>");
      }
    }
    List<String> subscribe = new ArrayList<>();
    subscribe.add("_INBOX.>");
    for (String subject : subjects(contract.received())) {
      if (subject.startsWith("ai.cancel.")) {
        subscribe.add(subject);
      }
    }
    if (gateway) {
      publish.addAll(subjects(contract.received()));
      subjects(contract.sent()).stream()
          .filter(subject -> !subject.startsWith("ai.user.") && !subject.startsWith("ai.dlq."))
          .forEach(subscribe::add);
    }
    return new RoutesSubjects(publish, subscribe);
  }

  private static List<String> subjects(Iterable<String> addresses) {
    List<String> subjects = new ArrayList<>();
    addresses.forEach(address -> subjects.add(Channels.subject(address)));
    return subjects;
  }
}
