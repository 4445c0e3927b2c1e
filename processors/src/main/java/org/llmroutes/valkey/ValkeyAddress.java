package org.llmroutes.valkey;

import java.net.URI;
import java.util.Set;
import org.llmroutes.config.ValkeySettings;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisClientConfig;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.SslOptions;

/**
 * What a URL says of a server: {@code redis[s]://[[user:]password@]host[:port][/database]}, with
 * {@code valkey[s]} for the same.
 *
 * @param login user, password, database and whether by TLS, with a name that the certificate has
 */
record ValkeyAddress(HostAndPort server, JedisClientConfig login) {
  /** What a server speaks that was not greeted: older ones, and proxies, know no HELLO. */
  static final RedisProtocol PROTOCOL = RedisProtocol.RESP2;

  private static final int PORT = 6379;
  private static final Set<String> SECURE = Set.of("rediss", "valkeys");

  static ValkeyAddress of(ValkeySettings settings) {
    URI uri = URI.create(settings.url());
    String credentials = uri.getUserInfo();
    int colon = credentials == null ? -1 : credentials.indexOf(':');
    String database = uri.getPath().replaceFirst("^/", "");
    return new ValkeyAddress(
        new HostAndPort(uri.getHost(), uri.getPort() < 0 ? PORT : uri.getPort()),
        DefaultJedisClientConfig.builder()
            .serverDefaultProtocol()
            .user(colon > 0 ? credentials.substring(0, colon) : null)
            .password(credentials == null ? null : credentials.substring(colon + 1))
            .database(database.isEmpty() ? 0 : Integer.parseInt(database))
            .sslOptions(SECURE.contains(uri.getScheme()) ? SslOptions.defaults() : null)
            .timeoutMillis((int) settings.timeout().toMillis())
            .build());
  }
}
