/**
 * Settings and the addresses of services: files of {@code config/}, each value overridden by the
 * environment.
 */
package org.llmroutes.config;
