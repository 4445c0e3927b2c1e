/** Lines of the log, for people and for collectors. */
package org.llmroutes.logging;
