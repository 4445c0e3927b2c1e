/** Pipelines that run in this process. */
package org.llmroutes.pipelines.local;
