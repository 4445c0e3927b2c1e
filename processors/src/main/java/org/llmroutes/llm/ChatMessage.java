package org.llmroutes.llm;

/** One message of a conversation as the OpenAI API has it; role is system, user or assistant. */
public record ChatMessage(String role, String content) {}
