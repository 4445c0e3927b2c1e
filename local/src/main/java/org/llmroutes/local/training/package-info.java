/** Trains the archive from which the product starts, with real turns. */
package org.llmroutes.local.training;
