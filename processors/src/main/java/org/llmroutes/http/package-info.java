/** Calls to AI services: deadlines, attempts, circuit breakers and answers that stream. */
package org.llmroutes.http;
