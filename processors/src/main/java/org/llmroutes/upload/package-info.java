/** Documents that were sent over HTTP, until a run has ingested them. */
package org.llmroutes.upload;
