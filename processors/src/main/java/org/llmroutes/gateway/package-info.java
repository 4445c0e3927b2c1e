/**
 * The door for HTTP: the component {@code http-turns:}, which hands requests to routes and writes
 * the answers that arrive on NATS.
 */
package org.llmroutes.gateway;
