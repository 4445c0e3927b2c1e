package org.llmroutes.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.llmroutes.config.Settings;
import org.llmroutes.validate.Mistake;
import org.llmroutes.validate.ProjectValidator;
import picocli.CommandLine.Command;

/** Checks what engineers edit; one line a mistake, {@code file:line: message}. */
@Command(
    description = "Check every route, Kamelet and config file; mistakes are named by file and line",
    mixinStandardHelpOptions = true)
final class ValidateCommand implements Callable<Integer> {

  @Override
  public Integer call() {
    Settings settings = Clients.settings();
    Path home = settings.path("");
    List<Mistake> mistakes = new ProjectValidator().check(home, settings.environment());
    mistakes.forEach(System.out::println);
    ProjectValidator.unpinned(home).forEach(note -> System.out.println("note: " + note));
    System.out.println(
        mistakes.isEmpty() ? "No mistakes in routes, kamelets and config" : summary(mistakes));
    return mistakes.isEmpty() ? 0 : 1;
  }

  private static String summary(List<Mistake> mistakes) {
    long files = mistakes.stream().map(Mistake::file).distinct().count();
    return "%d mistake%s in %d file%s"
        .formatted(mistakes.size(), mistakes.size() == 1 ? "" : "s", files, files == 1 ? "" : "s");
  }
}
