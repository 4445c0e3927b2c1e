package org.llmroutes.valkey;

import redis.clients.jedis.Connection;

/** A connection whose commands can leave before their answers are waited for. */
final class ValkeyConnection extends Connection {
  ValkeyConnection(ValkeyAddress address) {
    super(address.server(), address.login());
  }

  @Override
  protected void flush() {
    super.flush();
  }
}
