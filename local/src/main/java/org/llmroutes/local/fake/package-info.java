/** Services and clients whose behaviour a test writes. */
package org.llmroutes.local.fake;
