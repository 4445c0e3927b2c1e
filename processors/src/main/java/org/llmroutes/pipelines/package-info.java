/** Pipelines: what may run, where it runs, and how its end is told. */
package org.llmroutes.pipelines;
