package org.llmroutes.cli;

import io.nats.client.Connection;
import java.util.Map;
import java.util.concurrent.Callable;
import org.llmroutes.config.PlatformServices;
import org.llmroutes.config.Settings;
import org.llmroutes.conversation.ConversationStore;
import org.llmroutes.forget.Forgetting;
import org.llmroutes.forget.Person;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Deletes what is kept of a user. */
@Command(
    description = {
      "Delete what is kept of a user: conversations, answers, streamed chunks, groups, audio and dead letters.",
      "Requests that wait or are in work are answered; run it again after them."
    },
    mixinStandardHelpOptions = true,
    exitCodeListHeading = "Exit codes:%n",
    exitCodeList = {
      "0:nothing is kept any more",
      "1:a store does not answer, or it was not confirmed",
      "2:wrong use",
      "3:done, but for requests that wait or are in work"
    })
final class ForgetCommand implements Callable<Integer> {
  @Option(
      names = "--user",
      required = true,
      converter = TokenConverter.class,
      description = "Who is forgotten")
  private String user;

  @Option(
      names = "--session",
      converter = TokenConverter.class,
      description = "Only this conversation of the user")
  private String session;

  @Option(names = "--yes", description = "Do not ask, as where there is no terminal")
  private boolean yes;

  @Override
  public Integer call() throws Exception {
    String whom = session == null ? user : "the session " + session + " of " + user;
    if (!yes && Terminal.isAttached() && !confirmed(whom)) {
      System.out.println("Nothing deleted");
      return CommandLine.ExitCode.SOFTWARE;
    }
    Settings settings = Clients.settings();
    try (Connection connection = Clients.connect(settings);
        ConversationStore conversations =
            new ConversationStore(
                PlatformServices.load(settings).valkey(),
                settings.getInt("conversation.max-turns"),
                settings.getDuration("conversation.time-to-live"))) {
      Forgetting forgetting = new Forgetting(connection, conversations, new Person(user, session));
      print(whom, forgetting.forget());
      if (forgetting.owed() > 0) {
        System.err.printf(
            "%d requests of %s wait or are in work; run it again after them%n",
            forgetting.owed(), user);
        return LlmRoutes.LEFT_OUT;
      }
      return CommandLine.ExitCode.OK;
    }
  }

  private static boolean confirmed(String whom) {
    String answer = System.console().readLine("Delete all that is kept of %s? [y/N] ", whom);
    return answer != null && "y".equalsIgnoreCase(answer.strip());
  }

  private static void print(String whom, Map<String, Long> deleted) {
    if (deleted.values().stream().allMatch(count -> count == 0)) {
      System.out.println("Nothing is kept of " + whom);
      return;
    }
    System.out.println("Deleted of " + whom + ":");
    deleted.forEach((what, count) -> System.out.printf("  %-16s %d%n", what, count));
  }
}
