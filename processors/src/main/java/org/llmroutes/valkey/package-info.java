/** The client of Valkey. */
package org.llmroutes.valkey;
