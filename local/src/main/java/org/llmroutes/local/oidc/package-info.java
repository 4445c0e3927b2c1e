/** A login provider for one machine: whoever reaches it may be any of its users. */
package org.llmroutes.local.oidc;
