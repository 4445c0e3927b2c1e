package org.llmroutes.gateway;

/**
 * What one WebSocket may do.
 *
 * @param textBytes bytes of a text message
 * @param turns answers on their way at once
 */
record FrameLimits(int textBytes, int turns) {}
