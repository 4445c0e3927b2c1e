/** Runs pipelines on Kubeflow Pipelines, over its REST API v2beta1. */
package org.llmroutes.pipelines.kubeflow;
