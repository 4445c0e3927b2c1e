package org.llmroutes.pipelines;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * What is to run, as the catalogue said when the trigger was accepted, so that a later edit of the
 * catalogue does not change a run under way.
 *
 * @param target the engine's entry in the catalogue
 * @param parameters complete
 * @param deadline of the run, from its submission
 * @param patience from acceptance to a start, while the engine is away
 */
record Plan(
    Map<String, String> target,
    Map<String, Object> parameters,
    Duration deadline,
    Duration patience,
    Instant accepted) {}
