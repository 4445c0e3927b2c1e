package org.llmroutes.batch;

import java.nio.file.Path;

/**
 * What to work through.
 *
 * @param input a JSON object a line: {@code prompt} or {@code messages}, and {@code id}, {@code
 *     temperature}, {@code max_tokens} where wanted
 * @param output results, a JSON object a line; what a former run has written there is kept
 * @param model empty for the service's own
 * @param concurrency lines in work at the same time
 * @param maxTokens of an answer, for lines that do not say it
 */
public record BatchRequest(Path input, Path output, String model, int concurrency, int maxTokens) {}
