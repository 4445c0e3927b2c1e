/** The connection to NATS, what is set up there, and its health. */
package org.llmroutes.nats;
