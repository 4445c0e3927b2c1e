/** The running product: its parts, its roles, and Camel with the routes. */
package org.llmroutes.platform;
