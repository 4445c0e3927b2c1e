package org.llmroutes.local.oidc;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Logins of devices without a browser (RFC 8628). */
final class DeviceCodes {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String LETTERS = "BCDFGHJKLMNPQRSTVWXZ";
  private static final Duration VALID = Duration.ofMinutes(10);

  private final Map<String, Device> devices = new ConcurrentHashMap<>();

  private record Device(String userCode, String clientId, Instant until, Grant grant) {
    boolean isOver() {
      return Instant.now().isAfter(until);
    }
  }

  /**
   * The answer of the device authorization endpoint.
   *
   * @param page where a user enters the code
   */
  Map<String, Object> begin(String clientId, String page) {
    devices.values().removeIf(Device::isOver);
    String code = AuthorizationCodes.random();
    String userCode = letters() + "-" + letters();
    devices.put(code, new Device(userCode, clientId, Instant.now().plus(VALID), null));
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("device_code", code);
    answer.put("user_code", userCode);
    answer.put("verification_uri", page);
    answer.put("verification_uri_complete", page + "?user_code=" + userCode);
    answer.put("expires_in", VALID.toSeconds());
    answer.put("interval", 1);
    return answer;
  }

  private static String letters() {
    StringBuilder letters = new StringBuilder();
    RANDOM.ints(4, 0, LETTERS.length()).forEach(at -> letters.append(LETTERS.charAt(at)));
    return letters.toString();
  }

  /** Whether there was a device with this code. */
  boolean approve(String userCode, TestUser user) {
    String code = userCode.strip().toUpperCase(Locale.ROOT);
    boolean known = devices.values().stream().anyMatch(device -> device.userCode().equals(code));
    devices.replaceAll(
        (secret, device) ->
            device.userCode().equals(code)
                ? new Device(
                    code,
                    device.clientId(),
                    device.until(),
                    new Grant(user, device.clientId(), null))
                : device);
    return known;
  }

  Grant redeem(String code, String clientId) throws OAuthError {
    Device device = devices.get(code);
    if (device == null || !device.clientId().equals(clientId)) {
      throw new OAuthError("invalid_grant");
    } else if (device.isOver()) {
      throw new OAuthError("expired_token");
    } else if (device.grant() == null) {
      throw new OAuthError("authorization_pending");
    }
    devices.remove(code);
    return device.grant();
  }
}
