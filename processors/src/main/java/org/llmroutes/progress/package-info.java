/** How long work is watched and ended. */
package org.llmroutes.progress;
