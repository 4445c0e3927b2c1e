/** Certificates and keys from PEM files. */
package org.llmroutes.tls;
