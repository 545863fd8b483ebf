package babelmux.stsecho.protocol;

import babelmux.stsecho.voice.Synthesis;
import com.fasterxml.jackson.databind.JsonNode;

/** Synthesis of the voice, and the audio field in the form in which it goes out. */
record EncodedSynthesis(Synthesis synthesis, JsonNode audio) {}
