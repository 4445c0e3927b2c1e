package org.llmroutes.gateway;

import java.util.Map;

/** A chat completion of the OpenAI API. */
final class OpenAiWholeSink extends WholeSink {
  private final Reply reply;
  private final OpenAiForm form;

  OpenAiWholeSink(Reply reply, OpenAiForm form) {
    super(reply);
    this.reply = reply;
    this.form = form;
  }

  @Override
  public void response(Map<String, Object> response) {
    HttpProblem.in(response)
        .ifPresentOrElse(reply::problem, () -> reply.json(200, form.completion(response)));
  }
}
