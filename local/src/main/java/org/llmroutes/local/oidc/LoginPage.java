package org.llmroutes.local.oidc;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.stream.Collectors;

/** The page on which whoever logs in says as whom. */
final class LoginPage {
  private LoginPage() {}

  /**
   * @param fields sent back with the choice
   */
  static String choice(String path, JsonNode fields) {
    String hidden =
        fields.properties().stream().map(LoginPage::hidden).collect(Collectors.joining("\n"));
    String users =
        TestUser.ALL.stream()
            .map(
                user ->
                    "<p><button name=user value=%s>%s</button> %s</p>"
                        .formatted(user.name(), user.name(), String.join(", ", user.groups())))
            .collect(Collectors.joining("\n"));
    return page(
        """
        <p>This is the login of a development stack on one machine. There are no passwords.</p>
        <form method=post action="%s">
        %s
        %s
        </form>"""
            .formatted(path, hidden, users));
  }

  private static String hidden(Map.Entry<String, JsonNode> field) {
    // a code may still have to be typed
    String type = "user_code".equals(field.getKey()) ? "text" : "hidden";
    return "<input type=%s name=\"%s\" value=\"%s\">"
        .formatted(type, escaped(field.getKey()), escaped(field.getValue().asText()));
  }

  static String page(String content) {
    return "<!doctype html><meta charset=utf-8><title>Log in</title><h1>Log in</h1>\n" + content;
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
