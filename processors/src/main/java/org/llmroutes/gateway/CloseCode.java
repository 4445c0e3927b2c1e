package org.llmroutes.gateway;

/**
 * Why a WebSocket is closed.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1">RFC 6455, 7.4.1</a>
 */
enum CloseCode {
  GOING_AWAY(1001),
  PROTOCOL_ERROR(1002),
  UNSUPPORTED_DATA(1003),
  INVALID_DATA(1007),
  POLICY(1008),
  TOO_LARGE(1009),
  INTERNAL(1011);

  private final short number;

  CloseCode(int number) {
    this.number = (short) number;
  }

  short number() {
    return number;
  }
}
