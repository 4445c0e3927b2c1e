package org.llmroutes.pipelines.local;

import org.llmroutes.pipelines.PipelineRun;
import org.llmroutes.progress.Progress;

/** What a pipeline does where it runs in this process. */
interface LocalJob {

  /**
   * Checks the parameters of a run before it is accepted.
   *
   * @throws org.llmroutes.errors.TurnException {@code rejected}, with what would be right
   */
  Work prepare(PipelineRun run);

  /** The work of one run. */
  interface Work {

    /**
     * @return what was done, one line
     * @throws java.util.concurrent.CancellationException where the progress said so
     * @throws JobFailure where not all was done
     */
    String run(Progress progress) throws Exception;
  }
}
