package org.llmroutes.retrieval;

/**
 * How a collection is.
 *
 * @param words whether it can be searched by words (BM25) too
 * @param readers whether its chunks say who may read them
 * @param space of its vectors
 * @param chunks in it, about
 * @param loaded whether it can be searched at once; the first search loads it
 */
public record CollectionReport(
    boolean words, boolean readers, EmbeddingSpace space, long chunks, boolean loaded) {}
