package org.llmroutes.pipelines;

import java.time.Duration;

/**
 * Who wants leases, and for how long.
 *
 * @param holder unique to this instance
 * @param duration after the last renewal, until somebody else may take a lease
 */
record LeaseTerms(String holder, Duration duration) {}
