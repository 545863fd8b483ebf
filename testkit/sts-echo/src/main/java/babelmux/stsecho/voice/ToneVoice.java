package babelmux.stsecho.voice;

import babelmux.media.Sound;

/**
 * Answers with a sine of {@code 400 + 50 x (sequence mod 20)} Hz, amplitude 0.3, phase 0 at the
 * first sample, raised-cosine ramps of 5 ms at both ends; rate, channels and number of samples of
 * what came.
 */
final class ToneVoice implements Voice {
  private static final double AMPLITUDE = 0.3;
  private static final double RAMP_SECONDS = 0.005;

  /** Hz, for the sequence number of a fragment. */
  static double frequency(int sequence) {
    return 400 + 50 * (sequence % 20);
  }

  @Override
  public Synthesis speak(SynthesisRequest synthesisRequest) throws VoiceException {
    Sound heard = SoundWire.decode(synthesisRequest.audio());
    return new Synthesis(
        SoundWire.m4a(sound(synthesisRequest.sequence(), heard)),
        EchoVoice.text(synthesisRequest, synthesisRequest.sourceLanguage()),
        EchoVoice.text(synthesisRequest, synthesisRequest.targetLanguage()));
  }

  /** The tone of a sequence number; rate, channels and number of samples of what was heard. */
  static Sound sound(int sequence, Sound heard) {
    float[] tone = tone(frequency(sequence), heard.frames(), heard.sampleRate());
    float[][] channels = new float[heard.channelCount()][];
    for (int c = 0; c < channels.length; c++) {
      channels[c] = tone.clone();
    }
    return new Sound(channels, heard.sampleRate());
  }

  private static float[] tone(double frequency, int frames, int rate) {
    float[] samples = new float[frames];
    double ramp = RAMP_SECONDS * rate;
    for (int n = 0; n < frames; n++) {
      double edge = Math.min(1, Math.min(n, frames - 1 - n) / ramp);
      double gain = AMPLITUDE * (1 - Math.cos(Math.PI * edge)) / 2;
      samples[n] = (float) (gain * Math.sin(2 * Math.PI * frequency * n / rate));
    }
    return samples;
  }
}
