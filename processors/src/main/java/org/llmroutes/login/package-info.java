/** How commands say to NATS who asks: an API key, or a login with the OpenID Connect provider. */
package org.llmroutes.login;
