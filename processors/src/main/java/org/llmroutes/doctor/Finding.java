package org.llmroutes.doctor;

/**
 * One thing that was found out.
 *
 * @param part what was asked, for instance {@code milvus}
 * @param name which of its things, for instance {@code collection}
 * @param found in one line; holds no secret, and whatever a service says
 * @param advice what to do, with the setting or the command; empty where nothing is to be done
 */
public record Finding(String part, String name, State state, String found, String advice) {}
