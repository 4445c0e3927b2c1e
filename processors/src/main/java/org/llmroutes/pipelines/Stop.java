package org.llmroutes.pipelines;

/** Why a run is to be stopped; the first reason holds. */
enum Stop {
  NONE,
  CANCELLED,
  TIMED_OUT
}
