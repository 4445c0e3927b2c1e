package org.llmroutes.validate;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds what stands in {@code deploy} for a version or digest that only a registry knows. */
final class UnpinnedVersions {
  private static final Pattern PLACEHOLDER = Pattern.compile("\\bUNPINNED-[a-z0-9-]+");

  private UnpinnedVersions() {}

  static List<Mistake> in(ProjectFiles files) {
    for (String name : files.names("deploy", ".yaml")) {
      int line = 0;
      for (String text : files.text(name).lines().toList()) {
        line++;
        Matcher placeholder = PLACEHOLDER.matcher(text);
        if (placeholder.find()) {
          files
              .mistakes()
              .add(
                  name,
                  line,
                  placeholder.group() + " stands for what a registry has: put a version or digest");
        }
      }
    }
    return files.mistakes().list();
  }
}
