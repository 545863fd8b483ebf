package babelmux.stsecho.voice;

import babelmux.media.Sound;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Counts in Spanish where the fixture counts in English: every beep goes back as it came, at the
 * same sample, and the Spanish word for its number follows at the fixture's place. What is cut by
 * the edge of a fragment goes on in the next one: a fragment's own beeps tell what was being said
 * before it, and where they cannot, what this session said last does.
 */
final class CountingVoice implements Voice {
  private @Nullable Beep lastBeep;
  private int lastSequence = -1;

  @Override
  public Synthesis speak(SynthesisRequest synthesisRequest) throws VoiceException {
    Sound heard = SoundWire.decode(synthesisRequest.audio());
    float[] mono = mono(heard);
    int rate = heard.sampleRate();
    List<Beep> beeps =
        timeline(new BeepFinder(mono, rate), synthesisRequest.sequence(), rate, mono);
    float[] dub = new float[mono.length];
    List<Beep> said = new ArrayList<>();
    for (Beep beep : beeps) {
      copy(mono, beep.start(), Beep.length(rate), dub);
      if (mix(SpanishWords.shared().samples(beep.number(), rate), beep.wordStart(rate), dub)) {
        said.add(beep);
      }
    }
    remember(beeps, synthesisRequest.sequence(), mono.length);
    return new Synthesis(
        SoundWire.m4a(new Sound(spread(dub, heard.channelCount()), rate)),
        text(said, synthesisRequest.sequence(), false),
        text(said, synthesisRequest.sequence(), true));
  }

  /** All beeps that sound in the fragment, or whose word does: whole ones and cut ones. */
  private List<Beep> timeline(BeepFinder finder, int sequence, int rate, float[] mono) {
    List<Beep> whole = finder.find();
    List<Beep> all = new ArrayList<>();
    Beep before = before(whole, sequence, rate);
    if (before != null && finder.confirms(before)) {
      all.add(before);
    }
    all.addAll(whole);
    if (!all.isEmpty()) {
      Beep next = all.get(all.size() - 1).next(rate);
      if (next.start() < mono.length && finder.confirms(next)) {
        all.add(next);
      }
    }
    return all;
  }

  private @Nullable Beep before(List<Beep> whole, int sequence, int rate) {
    // The first number has no certain predecessor: the fixture may have begun here, or looped.
    if (!whole.isEmpty() && whole.get(0).number() > 0) {
      return whole.get(0).previous(rate);
    }
    return sequence == lastSequence + 1 ? lastBeep : null;
  }

  private void remember(List<Beep> beeps, int sequence, int length) {
    lastSequence = sequence;
    Beep last = beeps.isEmpty() ? null : beeps.get(beeps.size() - 1);
    lastBeep = last == null ? null : new Beep(last.number(), last.start() - length);
  }

  private static float[] mono(Sound sound) {
    float[] mono = new float[sound.frames()];
    for (float[] channel : sound.channels()) {
      for (int n = 0; n < mono.length; n++) {
        mono[n] += channel[n] / sound.channelCount();
      }
    }
    return mono;
  }

  private static void copy(float[] from, int start, int length, float[] to) {
    int begin = Math.max(0, start);
    int end = Math.min(to.length, start + length);
    if (begin < end) {
      System.arraycopy(from, begin, to, begin, end - begin);
    }
  }

  /** True when the word begins within. */
  private static boolean mix(float[] word, int start, float[] into) {
    int begin = Math.max(0, start);
    int end = Math.min(into.length, start + word.length);
    for (int n = begin; n < end; n++) {
      into[n] += word[n - start];
    }
    return start >= 0 && start < into.length;
  }

  private static float[][] spread(float[] mono, int channels) {
    float[][] all = new float[channels][];
    for (int c = 0; c < channels; c++) {
      all[c] = mono.clone();
    }
    return all;
  }

  private static String text(List<Beep> said, int sequence, boolean spanish) {
    return "[ECHO] %s (seq=%d)"
        .formatted(
            said.stream()
                .map(
                    beep ->
                        spanish
                            ? SpanishWords.text(beep.number())
                            : Integer.toString(beep.number()))
                .collect(Collectors.joining(" ")),
            sequence);
  }
}
