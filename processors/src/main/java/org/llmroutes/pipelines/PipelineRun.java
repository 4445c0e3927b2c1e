package org.llmroutes.pipelines;

import java.util.Map;

/**
 * One run of a pipeline.
 *
 * @param name unique, derived from the request: {@code {pipeline}-{hash of request_id}}; a DNS
 *     label
 * @param requestId of the trigger
 * @param userId who asked
 * @param pipeline its name in the catalogue
 * @param target the engine's entry in the catalogue, for instance {@code namespace} and {@code
 *     workflow_template}
 * @param parameters complete and checked against the catalogue's schema
 * @param id what {@link StartedRun#id} said, or empty before the start
 */
public record PipelineRun(
    String name,
    String requestId,
    String userId,
    String pipeline,
    Map<String, String> target,
    Map<String, Object> parameters,
    String id) {}
