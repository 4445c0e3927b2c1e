/** The dead letters that the stream AI_DLQ keeps: read, replayed, deleted. */
package org.llmroutes.deadletters;
