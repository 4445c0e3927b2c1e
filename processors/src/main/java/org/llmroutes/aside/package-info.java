/** What a process does beside its work: nobody sees it in logs, metrics or traces. */
package org.llmroutes.aside;
