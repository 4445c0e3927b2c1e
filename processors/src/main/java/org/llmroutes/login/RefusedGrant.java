package org.llmroutes.login;

import com.nimbusds.oauth2.sdk.ErrorObject;

/** That a provider gives no tokens, at the moment or at all. */
final class RefusedGrant extends Exception {
  private static final long serialVersionUID = 1L;

  private final String code;

  RefusedGrant(ErrorObject error) {
    super(
        "The login provider refuses: "
            + error.getCode()
            + (error.getDescription() == null ? "" : " (" + error.getDescription() + ")"));
    this.code = String.valueOf(error.getCode());
  }

  /** As RFC 6749 and RFC 8628 name it. */
  String code() {
    return code;
  }
}
