/**
 * The Camel component {@code nats-jetstream:}, which takes messages off a consumer and settles each
 * by what became of it.
 */
package org.llmroutes.jetstream;
