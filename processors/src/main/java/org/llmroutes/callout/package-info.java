/** Who may connect to a guarded nats-server, and what for. */
package org.llmroutes.callout;
