/** From a file to vectors: documents are found, read, cut into chunks, embedded and written. */
package org.llmroutes.ingest;
