package org.llmroutes.speech;

/** A sentence and how it sounds. */
record SpokenPiece(Sentence sentence, Audio audio) {}
