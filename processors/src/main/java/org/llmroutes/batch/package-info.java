/** Batch inference: a file of prompts in, a file of results out. */
package org.llmroutes.batch;
