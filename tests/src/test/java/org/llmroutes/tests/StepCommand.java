package org.llmroutes.tests;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command of a pipeline's step, around a product that only ends.
 *
 * @param folder where the product's stand-in and the data volume are
 */
record StepCommand(JsonNode command, Path folder) {

  /** What the step ends with where the product ends with this. */
  int exit(int code) throws IOException, InterruptedException {
    Path product =
        Files.writeString(
            folder.resolve("product"), "#!/bin/sh\n[ \"$1\" = work ] && exit " + code);
    if (!product.toFile().setExecutable(true)) {
      throw new IOException("Not made executable: " + product);
    }
    List<String> line = new ArrayList<>();
    command.forEach(
        part ->
            line.add(
                part.asText()
                    .replace("/opt/llm-routes/bin/llm-routes", product.toString())
                    .replace("cd /data", "cd " + folder)));
    line.add("work");
    return new ProcessBuilder(line).inheritIO().start().waitFor();
  }
}
