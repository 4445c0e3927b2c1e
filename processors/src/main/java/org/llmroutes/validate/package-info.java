/** Finds mistakes in routes, Kamelets and configuration files before they run, by file and line. */
package org.llmroutes.validate;
