/** What is kept of a user in NATS and Valkey, and how it is deleted. */
package org.llmroutes.forget;
