/** How work fails: the codes that clients are told, and the exceptions that carry them. */
package org.llmroutes.errors;
