package org.llmroutes.pipelines;

/**
 * A run as its engine knows it.
 *
 * @param id the Workflow's name, the KFP run id
 * @param namespace where it runs, or empty
 * @param url where people can look at it, or empty
 */
public record StartedRun(String id, String namespace, String url) {}
