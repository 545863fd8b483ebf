package babelmux.stsecho.voice;

/** What a voice made of one fragment. */
public record Spoken(FragmentAudio audio, String transcript, String translation) {}
