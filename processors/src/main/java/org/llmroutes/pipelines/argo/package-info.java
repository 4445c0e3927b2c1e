/** Runs pipelines as Argo Workflows, over the Kubernetes API alone. */
package org.llmroutes.pipelines.argo;
