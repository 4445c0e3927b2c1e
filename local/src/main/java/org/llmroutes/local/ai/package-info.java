/** AI services that need no GPU: real embeddings, a reranker, and an LLM that quotes. */
package org.llmroutes.local.ai;
