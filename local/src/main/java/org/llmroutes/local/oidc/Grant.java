package org.llmroutes.local.oidc;

/**
 * That a user lets a client act.
 *
 * @param nonce of the client's request, or null
 */
record Grant(TestUser user, String clientId, String nonce) {}
