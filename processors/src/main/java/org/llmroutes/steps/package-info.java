/** Kamelets as steps of a route: called for what their beans cost, and counted. */
package org.llmroutes.steps;
