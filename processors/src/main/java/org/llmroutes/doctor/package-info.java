/** Asks every part of an installation how it is, and says what to do where it is not well. */
package org.llmroutes.doctor;
