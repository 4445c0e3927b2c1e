package org.llmroutes.gateway;

import java.util.Map;

/** How an API writes its answers and errors. */
public enum AnswerFormat {
  /** The messages of the contract: as events where the client accepts them, else the response. */
  CONTRACT {
    @Override
    boolean streams(Reply reply, Map<String, Object> request) {
      return reply.acceptsEvents();
    }

    @Override
    AnswerSink sink(Reply reply, Map<String, Object> request, boolean streams) {
      return streams ? new EventSink(reply) : new WholeSink(reply);
    }

    @Override
    Object problem(HttpProblem problem) {
      return problem.body();
    }
  },

  /** The OpenAI API. */
  OPENAI {
    @Override
    boolean streams(Reply reply, Map<String, Object> request) {
      return Boolean.TRUE.equals(request.get("stream"));
    }

    @Override
    AnswerSink sink(Reply reply, Map<String, Object> request, boolean streams) {
      OpenAiForm form = new OpenAiForm(request);
      return streams ? new OpenAiEventSink(reply, form) : new OpenAiWholeSink(reply, form);
    }

    @Override
    Object problem(HttpProblem problem) {
      return OpenAiForm.error(problem);
    }
  };

  /** Whether the client wants the answer while it is written. */
  abstract boolean streams(Reply reply, Map<String, Object> request);

  abstract AnswerSink sink(Reply reply, Map<String, Object> request, boolean streams);

  /** The body that says what went wrong. */
  abstract Object problem(HttpProblem problem);
}
