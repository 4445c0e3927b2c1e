package org.llmroutes.pipelines;

import java.util.Map;

/**
 * What a dead letter of a trigger consists of, besides the reason.
 *
 * @param payload the trigger as it came
 * @param headers those that say where it came from
 */
record Original(byte[] payload, Map<String, String> headers) {}
