package org.llmroutes.gateway;

import java.util.Map;
import java.util.Optional;

/**
 * A streamed chat completion of the OpenAI API. It has no way to take tokens back: where an answer
 * is begun again after tokens were written, the stream ends with an error.
 */
final class OpenAiEventSink extends EventStream {
  private final OpenAiForm form;
  private Object attempt;
  private boolean wroteText;

  OpenAiEventSink(Reply reply, OpenAiForm form) {
    super(reply);
    this.form = form;
  }

  @Override
  public void chunk(Map<String, Object> chunk) {
    if (!chunk.get("attempt").equals(attempt)) {
      if (wroteText) {
        problem(new HttpProblem(503, "unavailable", "The answer was begun again; ask again", true));
        return;
      }
      if (attempt == null) {
        data(form.chunk(chunk.get("request_id"), Map.of("role", "assistant", "content", ""), null));
      }
      attempt = chunk.get("attempt");
    }
    if ("token".equals(chunk.get("type"))) {
      wroteText = true;
      data(form.chunk(chunk.get("request_id"), Map.of("content", chunk.get("content")), null));
    }
  }

  @Override
  public void response(Map<String, Object> response) {
    Optional<HttpProblem> problem = HttpProblem.in(response);
    if (problem.isPresent()) {
      problem(problem.get());
      return;
    }
    Map<String, Object> last =
        form.chunk(response.get("request_id"), Map.of(), OpenAiForm.finishReason(response));
    OpenAiForm.withSources(last, response);
    data(last);
    if (form.withUsage()) {
      data(form.usageChunk(response));
    }
    write("data: [DONE]\n\n");
    end();
  }

  @Override
  public void problem(HttpProblem problem) {
    if (!begun()) {
      reply().problem(problem);
    } else {
      data(OpenAiForm.error(problem));
      end();
    }
  }

  private void data(Map<String, Object> object) {
    write("data: " + Reply.text(object) + "\n\n");
  }
}
