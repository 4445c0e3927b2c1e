/**
 * What a fresh process does before it has anything to do, so that its code is compiled when it has.
 */
package org.llmroutes.rehearsal;
