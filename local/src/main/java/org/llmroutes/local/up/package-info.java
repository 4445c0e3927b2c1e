/** What {@code ./dev up} starts and {@code ./dev down} stops. */
package org.llmroutes.local.up;
