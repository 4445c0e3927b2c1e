package org.llmroutes.gateway;

/**
 * A file of a form, in memory.
 *
 * @param name as its sender calls it; never a path of this machine
 * @param type media type that its sender says; empty where it says none
 * @param bytes of the file, not copied
 */
public record Upload(String name, String type, byte[] bytes) {}
