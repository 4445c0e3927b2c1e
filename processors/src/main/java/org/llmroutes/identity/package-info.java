/** Who asks: users, their groups, and the credentials that say so. Knows nothing of HTTP. */
package org.llmroutes.identity;
