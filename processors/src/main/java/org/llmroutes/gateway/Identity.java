package org.llmroutes.gateway;

import java.util.Set;

/**
 * Who asks, as the credentials say.
 *
 * @param userId a subject token of the contract
 */
public record Identity(String userId, Set<String> groups) {}
