/** What messages look like: their schemas, and the JSON and hashes that are the same everywhere. */
package org.llmroutes.contract;
