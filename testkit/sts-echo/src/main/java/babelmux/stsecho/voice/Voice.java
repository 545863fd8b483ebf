package babelmux.stsecho.voice;

/** Speaks the fragments of one session, one at a time and in the order of their arrival. */
@FunctionalInterface
public interface Voice {
  /** May take its time: never called on an event loop. */
  Synthesis speak(SynthesisRequest synthesisRequest) throws VoiceException;
}
