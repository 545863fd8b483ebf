package babelmux.stsecho.voice;

/** Result of a voice for one fragment. */
public record Synthesis(FragmentAudio audio, String transcript, String translation) {}
