package org.llmroutes.llm;

import com.samskivert.mustache.Mustache;
import com.samskivert.mustache.MustacheException;
import com.samskivert.mustache.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;

/**
 * A Mustache template on disk, read again when the file changes. Values are put in as they are and
 * never read as template text, whatever they contain.
 */
public final class PromptTemplate {
  private static final Mustache.Compiler COMPILER =
      Mustache.compiler().escapeHTML(false).defaultValue("");

  /** A file is looked at once a second, not once a turn. */
  private static final long FRESH_NANOS = 1_000_000_000;

  private final Path file;
  private volatile Loaded loaded;
  private volatile long looked = System.nanoTime();

  private record Loaded(FileTime modified, Template template) {}

  public PromptTemplate(Path file) {
    this.file = file;
    this.loaded = load();
  }

  /**
   * @param values a map or an object whose fields the template names
   */
  public String fill(Object values) {
    return loaded().template().execute(values).strip();
  }

  private Loaded loaded() {
    if (System.nanoTime() - looked < FRESH_NANOS) {
      return loaded;
    }
    looked = System.nanoTime();
    try {
      if (!Files.getLastModifiedTime(file).equals(loaded.modified())) {
        loaded = load();
      }
      return loaded;
    } catch (IOException e) {
      return loaded; // an editor is replacing the file
    }
  }

  private Loaded load() {
    try {
      FileTime modified = Files.getLastModifiedTime(file);
      return new Loaded(modified, COMPILER.compile(Files.readString(file)));
    } catch (IOException e) {
      throw new IllegalArgumentException("Cannot read the prompt template " + file, e);
    } catch (MustacheException e) {
      throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
    }
  }
}
