/**
 * One request from its delivery to its stored response: who works on it, what is told of it, and
 * how it ends.
 */
package org.llmroutes.turn;
