package org.llmroutes.speech;

import io.nats.client.Connection;
import io.nats.client.JetStreamApiException;
import io.nats.client.ObjectStore;
import io.nats.client.api.ObjectInfo;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.TurnException;

/**
 * Audio too large for a message, in the JetStream object store bucket {@code ai-audio}; objects
 * expire. Safe for concurrent use.
 */
public final class AudioStore {
  private static final String BUCKET = "ai-audio";

  private final Connection connection;

  public AudioStore(Connection connection) {
    this.connection = connection;
  }

  /**
   * Puts audio into a message, or, where that has no room for it beside what else it says, into the
   * bucket.
   *
   * @param name of the object; an earlier one is replaced
   * @param message gets {@code audio} or {@code audio_ref}
   */
  public void place(byte[] audio, String name, Map<String, Object> message) {
    if (audio.length <= connection.getMaxPayload() / 4 * 3) {
      message.put("audio", audio);
    } else {
      put(name, audio);
      message.put("audio_ref", name);
    }
  }

  private void put(String name, byte[] audio) {
    try {
      bucket().put(name, new ByteArrayInputStream(audio));
    } catch (IOException | JetStreamApiException | NoSuchAlgorithmException e) {
      throw unavailable(e);
    }
  }

  /**
   * An object whole; empty where there is none.
   *
   * @param maxBytes a larger one is refused before it is read
   * @throws TurnException {@code too_large}, or {@code unavailable} where NATS does not give it
   */
  public Optional<byte[]> get(String name, int maxBytes) {
    try {
      ObjectInfo info = bucket().getInfo(name);
      if (info == null) {
        return Optional.empty();
      } else if (info.getSize() > maxBytes) {
        throw new TurnException(
            ErrorCode.TOO_LARGE,
            "The audio has " + info.getSize() + " bytes, more than " + maxBytes);
      }
      ByteArrayOutputStream audio = new ByteArrayOutputStream((int) info.getSize());
      bucket().get(name, audio);
      return Optional.of(audio.toByteArray());
    } catch (IOException | JetStreamApiException | NoSuchAlgorithmException e) {
      throw unavailable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable(e);
    }
  }

  /** Deletes the objects whose names are chosen; how many there were. */
  public long delete(Predicate<String> names) {
    try {
      List<String> chosen =
          bucket().getList().stream().map(ObjectInfo::getObjectName).filter(names).toList();
      for (String name : chosen) {
        bucket().delete(name);
      }
      return chosen.size();
    } catch (IOException | JetStreamApiException e) {
      throw unavailable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable(e);
    }
  }

  private ObjectStore bucket() throws IOException {
    return connection.objectStore(BUCKET);
  }

  private static TurnException unavailable(Exception cause) {
    return new TurnException(
        ErrorCode.UNAVAILABLE, "The object store " + BUCKET + " cannot be used", cause);
  }
}
