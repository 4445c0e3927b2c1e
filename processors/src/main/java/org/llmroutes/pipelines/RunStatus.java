package org.llmroutes.pipelines;

import java.time.Instant;
import org.llmroutes.errors.ErrorCode;

/**
 * One status of a run, as it is told once.
 *
 * @param seq 0, 1, 2 … without gaps
 * @param message one line, or empty
 * @param progress finished steps of all, for instance {@code 2/5}, or empty
 * @param error code of what failed or was rejected, else null; {@code message} says why
 * @param waiting whether the message says what the run waits for
 */
record RunStatus(
    int seq,
    Status status,
    String message,
    String progress,
    ErrorCode error,
    Instant at,
    boolean waiting) {}
