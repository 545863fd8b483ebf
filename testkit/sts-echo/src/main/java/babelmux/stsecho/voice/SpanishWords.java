package babelmux.stsecho.voice;

import babelmux.media.AudioClipDecoder;
import babelmux.media.AudioClipHint;
import babelmux.media.SampleConverter;
import babelmux.media.Sound;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.Map;

/** The numbers 0 to 29 spoken in Spanish, at any sample rate. Thread-safe. */
final class SpanishWords {
  private static final int KEPT_RATES = 4;
  private static final SpanishWords SHARED = new SpanishWords();

  private static final String[] TEXT = {
    "cero",
    "uno",
    "dos",
    "tres",
    "cuatro",
    "cinco",
    "seis",
    "siete",
    "ocho",
    "nueve",
    "diez",
    "once",
    "doce",
    "trece",
    "catorce",
    "quince",
    "dieciséis",
    "diecisiete",
    "dieciocho",
    "diecinueve",
    "veinte",
    "veintiuno",
    "veintidós",
    "veintitrés",
    "veinticuatro",
    "veinticinco",
    "veintiséis",
    "veintisiete",
    "veintiocho",
    "veintinueve"
  };

  private final Map<Integer, float[][]> byRate =
      new LinkedHashMap<>(8, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Integer, float[][]> eldest) {
          return size() > KEPT_RATES;
        }
      };

  private SpanishWords() {}

  static SpanishWords shared() {
    return SHARED;
  }

  static String text(int number) {
    return TEXT[number];
  }

  /** One channel; not to be changed. */
  synchronized float[] samples(int number, int rate) throws VoiceException {
    float[][] words = byRate.get(rate);
    if (words == null) {
      words = load(rate);
      byRate.put(rate, words);
    }
    return words[number];
  }

  private static float[][] load(int rate) throws VoiceException {
    float[][] words = new float[TEXT.length][];
    for (int number = 0; number < words.length; number++) {
      String name = "es/" + number + ".wav";
      try (InputStream clip = SpanishWords.class.getResourceAsStream(name)) {
        if (clip == null) {
          throw new VoiceException("the word %s is not in the jar".formatted(name));
        }
        Sound word =
            AudioClipDecoder.decode(
                clip.readAllBytes(), new AudioClipHint("wav", 22_050, 1, 2 * 22_050));
        words[number] = SampleConverter.convert(word, rate, 1).channels()[0];
      } catch (IOException e) {
        throw new VoiceException("the word %s: %s".formatted(name, e.getMessage()), e);
      }
    }
    return words;
  }
}
