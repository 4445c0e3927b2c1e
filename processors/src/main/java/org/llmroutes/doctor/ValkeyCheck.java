package org.llmroutes.doctor;

import static org.llmroutes.valkey.ValkeyClient.COMMANDS;

import java.util.HashMap;
import java.util.Map;
import org.llmroutes.config.ValkeySettings;
import org.llmroutes.valkey.ValkeyClient;
import redis.clients.jedis.exceptions.JedisException;

/** Where conversations and counts of quotas are kept. */
final class ValkeyCheck implements Check {
  private static final double NEARLY_FULL = 0.9;

  @Override
  public String part() {
    return "valkey";
  }

  @Override
  public void look(Installation here, Findings found) {
    if (!here.has("chat", "voice", "gateway")) {
      found.notUsed("", "by none of the roles in use");
      return;
    }
    ValkeySettings settings = here.services().valkey();
    String url = settings.url();
    try (ValkeyClient valkey = new ValkeyClient(settings)) {
      valkey.ask(COMMANDS.ping());
      look(url, info(valkey.ask(COMMANDS.info())), found);
    } catch (JedisException e) {
      String reason = Reason.of(e);
      found.notWell("connection", url + " cannot be used: " + reason, advice(reason));
    }
  }

  private static String advice(String reason) {
    if (reason.contains("NOAUTH") || reason.contains("WRONGPASS")) {
      return "VALKEY_URL has the password: redis://:PASSWORD@host:6379";
    } else if (reason.contains("NOPERM")) {
      return "let this user of Valkey do INFO, PING and all commands on keys";
    }
    return "start it, or VALKEY_URL names another address; rediss:// where it wants TLS";
  }

  private static Map<String, String> info(String text) {
    Map<String, String> info = new HashMap<>();
    text.lines()
        .map(line -> line.split(":", 2))
        .filter(pair -> pair.length == 2)
        .forEach(pair -> info.put(pair[0], pair[1].strip()));
    return info;
  }

  private static void look(String url, Map<String, String> info, Findings found) {
    String version = info.getOrDefault("valkey_version", info.getOrDefault("redis_version", "?"));
    if ("slave".equals(info.get("role"))) {
      found.notWell(
          "connection",
          "version %s at %s is a replica, which takes no writes".formatted(version, url),
          "VALKEY_URL names the primary");
    } else {
      found.well("connection", "version %s at %s".formatted(version, url));
    }
    memory(info, found);
    persistence(info, found);
  }

  private static void memory(Map<String, String> info, Findings found) {
    long used = number(info, "used_memory");
    long most = number(info, "maxmemory");
    String policy = info.getOrDefault("maxmemory_policy", "noeviction");
    String text =
        "%s of %s in use, %s"
            .formatted(Sizes.of(used), most == 0 ? "what the machine has" : Sizes.of(most), policy);
    if (most > 0 && (policy.startsWith("allkeys") || policy.endsWith("random"))) {
      found.warning(
          "memory",
          text + ": conversations that go on may be taken away",
          "set maxmemory-policy volatile-ttl, which takes those that end first, or noeviction");
    } else if (most > 0 && used > most * NEARLY_FULL) {
      found.warning("memory", text, "raise maxmemory, or lower conversation.time-to-live");
    } else {
      found.well("memory", text);
    }
  }

  private static void persistence(Map<String, String> info, Findings found) {
    boolean log = "1".equals(info.get("aof_enabled"));
    boolean failing =
        "err".equals(info.get(log ? "aof_last_write_status" : "rdb_last_bgsave_status"));
    if (failing) {
      found.notWell(
          "persistence",
          "the last write to disk failed, so new conversations may be refused",
          "see the log of Valkey; its disk may be full");
    } else if (log) {
      found.well("persistence", "an append-only file");
    } else {
      found.warning(
          "persistence",
          "no append-only file, so a restart loses the last conversations, or all",
          "set appendonly yes");
    }
  }

  private static long number(Map<String, String> info, String name) {
    try {
      return Long.parseLong(info.getOrDefault(name, "0"));
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
