package org.llmroutes.doctor;

import java.nio.file.Path;
import java.util.List;
import org.llmroutes.validate.Mistake;
import org.llmroutes.validate.ProjectValidator;

/** What a start looks at: settings, environment, configuration files. */
final class SettingsCheck implements Check {

  @Override
  public String part() {
    return "settings";
  }

  @Override
  public void look(Installation here, Findings found) {
    Path home = here.settings().path("");
    List<Mistake> mistakes = ProjectValidator.checkStart(home, here.settings().environment());
    mistakes.forEach(
        mistake -> found.notWell(mistake.file(), mistake.toString(), "put it right there"));
    if (mistakes.isEmpty()) {
      found.well("", "nothing speaks against a start in " + home);
    }
  }
}
