package org.llmroutes.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.util.regex.Pattern;
import org.apache.camel.Exchange;
import org.llmroutes.config.Settings;
import org.llmroutes.turn.TurnProcessor;

/** The body becomes a text file of the project. */
public class ServeFile extends TurnProcessor {
  private static final Pattern NAME = Pattern.compile("[a-z-]+\\.[a-z]+");

  private String folder;
  private String type;

  /** Relative to the project; the variable {@code name} names the file in it. */
  public void setFolder(String folder) {
    this.folder = folder;
  }

  /** Its media type. */
  public void setType(String type) {
    this.type = type;
  }

  @Override
  public void process(Exchange exchange) {
    String name = exchange.getVariable("name", String.class);
    try {
      if (NAME.matcher(name).matches()) {
        exchange
            .getMessage()
            .setBody(Files.readString(service(Settings.class).path(folder).resolve(name)));
        exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, type);
        return;
      }
    } catch (IOException e) {
      // as unknown as any other name
    }
    throw HttpProblem.unknown("There is no " + name);
  }
}
