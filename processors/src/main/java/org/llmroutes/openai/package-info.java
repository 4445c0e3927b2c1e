/** The calls of the OpenAI API, as the steps of routes/openai.camel.yaml. */
package org.llmroutes.openai;
