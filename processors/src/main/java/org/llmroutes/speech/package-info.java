/** From speech to text and back: audio, sentences, and the services for both. */
package org.llmroutes.speech;
