/** The connection to Valkey. */
package org.llmroutes.valkey;
