package org.llmroutes.valkey;

import static org.llmroutes.valkey.ValkeyClient.COMMANDS;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import redis.clients.jedis.CommandObject;

/**
 * A Lua script that Valkey carries out, named by its digest where the server has it already.
 *
 * @see <a href="https://valkey.io/commands/evalsha/">EVALSHA</a>
 */
public final class Script {
  private final String text;
  private final String digest;

  public Script(String text) {
    this.text = text;
    try {
      byte[] sha1 =
          MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
      this.digest = HexFormat.of().formatHex(sha1);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-1", e);
    }
  }

  /** The script with what it is to be carried out on. */
  public record Call(Script script, List<String> keys, List<String> arguments) {
    CommandObject<Object> byDigest() {
      return COMMANDS.evalsha(script.digest, keys, arguments);
    }

    CommandObject<Object> byText() {
      return COMMANDS.eval(script.text, keys, arguments);
    }
  }

  public Call on(List<String> keys, List<String> arguments) {
    return new Call(this, keys, arguments);
  }
}
