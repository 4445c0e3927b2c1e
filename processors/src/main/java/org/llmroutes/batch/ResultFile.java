package org.llmroutes.batch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;

/**
 * The output of a batch: a result a line, each written at once and whole, so that a process that is
 * killed loses only what it had not finished. Opened again, it keeps the answers and drops errors
 * and a torn last line: these lines are asked again.
 */
final class ResultFile implements Closeable {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What every line begins with, and so a torn one as far as it goes. */
  private static final String BEGINNING = "{\"id\":";

  private final Path path;
  private final IdSet answered = new IdSet();
  private RandomAccessFile file;

  private ResultFile(Path path) throws IOException {
    this.path = path;
    this.file = locked(path);
  }

  /**
   * @throws IOException where the file cannot be written, another run writes it, or it holds
   *     something else than results
   */
  static ResultFile open(Path path) throws IOException {
    Path whole = path.toAbsolutePath();
    Files.createDirectories(whole.getParent());
    ResultFile results = new ResultFile(whole);
    try {
      if (!results.readIsClean()) {
        results.rewrite();
      }
      results.file.seek(results.file.length());
      return results;
    } catch (IOException e) {
      results.close();
      throw e;
    }
  }

  private static RandomAccessFile locked(Path path) throws IOException {
    RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
    try {
      if (file.getChannel().tryLock() != null) {
        return file;
      }
    } catch (OverlappingFileLockException e) {
      // another run of this process, as good as any other
    } catch (IOException e) {
      file.close();
      throw e;
    }
    file.close();
    throw new IOException(path + " is being written by another run");
  }

  /** From the beginning, and through the one descriptor: closing another would end the lock. */
  private LineReader lines() throws IOException {
    file.seek(0);
    return new LineReader(new FileInputStream(file.getFD()));
  }

  /** Reads the ids that have answers; false where there is something to drop. */
  private boolean readIsClean() throws IOException {
    boolean clean = true;
    LineReader lines = lines();
    for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
      JsonNode result = result(line);
      if (result.has("response")) {
        answered.add(result.path("id").asText());
      } else {
        clean = false;
      }
    }
    return clean;
  }

  private void rewrite() throws IOException {
    Path newPath = path.resolveSibling(path.getFileName() + ".new");
    RandomAccessFile newFile = locked(newPath);
    try {
      newFile.setLength(0);
      OutputStream out = new BufferedOutputStream(new FileOutputStream(newFile.getFD()), 1 << 16);
      LineReader lines = lines();
      for (LineReader.Line line = lines.next(); line != null; line = lines.next()) {
        if (result(line).has("response")) {
          out.write(line.content());
          out.write('\n');
        }
      }
      out.flush();
      newFile.getFD().sync();
      Files.move(
          newPath, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      file.close();
      file = newFile;
    }
  }

  /** What the line holds; an object with no response where it is an error or torn. */
  private JsonNode result(LineReader.Line line) throws IOException {
    if (!line.ended()) {
      String torn = new String(line.content(), StandardCharsets.UTF_8);
      if (torn.startsWith(BEGINNING) || BEGINNING.startsWith(torn)) {
        return JSON.createObjectNode();
      }
    } else {
      try {
        JsonNode result = JSON.readTree(line.content());
        if (result.has("id") && result.has("response") != result.has("error")) {
          return result;
        }
      } catch (JsonProcessingException e) {
        // said below
      }
    }
    throw new IOException(
        path + " holds no results of a batch in line " + line.number() + "; name another output");
  }

  boolean isAnswered(String id) {
    return answered.contains(id);
  }

  /**
   * Appends a result.
   *
   * @param result begins with its {@code id}
   */
  void add(Map<String, Object> result) throws IOException {
    byte[] line = (JSON.writeValueAsString(result) + "\n").getBytes(StandardCharsets.UTF_8);
    file.write(line);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
