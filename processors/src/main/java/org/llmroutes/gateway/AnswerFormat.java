package org.llmroutes.gateway;

import java.util.Map;

/** How an API writes its answers and errors. */
public enum AnswerFormat {
  /** The messages of the contract: as events where the client accepts them, else the response. */
  CONTRACT {
    @Override
    AnswerSink sink(Reply reply, Map<String, Object> request, boolean resume) {
      return resume || reply.acceptsEvents() ? new EventSink(reply) : new WholeSink(reply);
    }

    @Override
    Object problem(HttpProblem problem) {
      return problem.body();
    }
  },

  /** The statuses of a run: as events where the client accepts them, else the first one. */
  RUN {
    @Override
    Course course(String statuses, String requestId) {
      return Course.ofRun(statuses, requestId);
    }

    @Override
    AnswerSink sink(Reply reply, Map<String, Object> request, boolean resume) {
      return resume || reply.acceptsEvents() ? new RunEventSink(reply) : new FirstStatusSink(reply);
    }

    @Override
    Object problem(HttpProblem problem) {
      return problem.body();
    }
  },

  /** The OpenAI API. */
  OPENAI {
    @Override
    AnswerSink sink(Reply reply, Map<String, Object> request, boolean resume) {
      OpenAiForm form = new OpenAiForm(request);
      return Boolean.TRUE.equals(request.get("stream"))
          ? new OpenAiEventSink(reply, form)
          : new OpenAiWholeSink(reply, form);
    }

    @Override
    Object problem(HttpProblem problem) {
      return OpenAiForm.error(problem);
    }
  };

  /**
   * Where the messages of a request come.
   *
   * @param responses subject of final responses without the request id
   */
  Course course(String responses, String requestId) {
    return Course.ofTurn(responses, requestId);
  }

  /**
   * Where an answer is written.
   *
   * @param resume whether the chunks of an earlier request are asked for
   */
  abstract AnswerSink sink(Reply reply, Map<String, Object> request, boolean resume);

  /** The body that says what went wrong. */
  abstract Object problem(HttpProblem problem);
}
