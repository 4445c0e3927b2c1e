/** Conversations in Valkey: the turns that a prompt is made with, and the list that people see. */
package org.llmroutes.conversation;
