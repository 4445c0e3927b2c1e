/** What documents say to a question: embeddings, searches in Milvus, and their order. */
package org.llmroutes.retrieval;
