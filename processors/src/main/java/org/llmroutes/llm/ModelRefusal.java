package org.llmroutes.llm;

import org.llmroutes.errors.ErrorCode;
import org.llmroutes.errors.StepException;
import org.llmroutes.http.ErrorAnswer;

/** A request that the service will not take as it is, for a reason that is known. */
class ModelRefusal extends StepException {
  private static final long serialVersionUID = 1;

  private final Complaint complaint;
  private final transient ErrorAnswer error;

  ModelRefusal(StepException failure, Complaint complaint, ErrorAnswer error) {
    super(failure.step(), ErrorCode.REJECTED, failure.getMessage(), error);
    this.complaint = complaint;
    this.error = error;
  }

  /** The failure as a refusal, where its words say what is refused; else as it was. */
  static StepException understood(StepException failure) {
    if (failure.getCause() instanceof ErrorAnswer error) {
      return Complaint.of(error)
          .<StepException>map(
              complaint ->
                  complaint == Complaint.PROMPT_TOO_LONG
                      ? new PromptTooLong(failure, error)
                      : new ModelRefusal(failure, complaint, error))
          .orElse(failure);
    }
    return failure;
  }

  /** With the setting that asks for what is refused. */
  StepException becauseOf(String setting) {
    return new StepException(step(), code(), getMessage() + "; see " + setting, this);
  }

  Complaint complaint() {
    return complaint;
  }

  /** All that the service said, in lower case. */
  String words() {
    return error.text();
  }
}
