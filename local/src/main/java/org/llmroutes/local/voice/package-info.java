/** Speech services of this machine: Whisper and espeak-ng, started as they are. */
package org.llmroutes.local.voice;
