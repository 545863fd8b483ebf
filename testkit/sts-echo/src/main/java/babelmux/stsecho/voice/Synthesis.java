package babelmux.stsecho.voice;

/** What a voice made of one fragment. */
public record Synthesis(FragmentAudio audio, String transcript, String translation) {}
