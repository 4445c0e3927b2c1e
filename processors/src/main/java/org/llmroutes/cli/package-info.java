/** The command line: {@code llm-routes}, one class a command, and what commands print. */
package org.llmroutes.cli;
