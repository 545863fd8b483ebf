package babelmux.e2e;

import babelmux.stsecho.drill.FaultPlan;
import babelmux.testmedia.ClipMaker;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * The dubs that a service gives, fragment by fragment, in any container that the contract knows:
 * made with FFmpeg's encoders, so that nothing of the worker's own is in them.
 */
final class Answers {
  private static final int SECONDS = 6;

  /** The containers of the contract. */
  enum Container {
    M4A("m4a", "m4a", "-c:a aac -b:a 192k"),
    ADTS("m4a", "aac", "-c:a aac -b:a 192k"),
    WAV("wav", "wav", "-c:a pcm_s16le"),
    PCM_S16LE("pcm_s16le", "s16", "-f s16le"),
    PCM_F32LE("pcm_f32le", "f32", "-f f32le"),
    MP3("mp3", "mp3", "-c:a libmp3lame -b:a 192k"),
    OPUS("ogg", "ogg", "-c:a libopus -b:a 160k"),
    FLAC("flac", "flac", "-c:a flac");

    private final String label;
    private final String suffix;
    private final String options;

    Container(String label, String suffix, String options) {
      this.label = label;
      this.suffix = suffix;
      this.options = options;
    }

    /** Gives back each sample as it was. */
    boolean isLossless() {
      return this == WAV || this == PCM_S16LE || this == PCM_F32LE || this == FLAC;
    }
  }

  /** Rate and channels of a dub. */
  enum Form {
    STEREO_48K(48_000, 2),
    STEREO_44K1(44_100, 2),
    MONO_16K(16_000, 1);

    private final int rate;
    private final int channels;

    Form(int rate, int channels) {
      this.rate = rate;
      this.channels = channels;
    }
  }

  /**
   * One dub.
   *
   * @param length times as long as its slot
   */
  record Kind(double length, Container container, Form form) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%.2f x, %s, %s", length, container.name(), form.name())
          .toLowerCase(Locale.ROOT);
    }

    private int rate() {
      // Opus knows no 44.1 kHz.
      return container == Container.OPUS && form.rate == 44_100 ? 48_000 : form.rate;
    }
  }

  private final Path folder;
  private final Path sound;
  private final int startSeconds;
  private final ArrayNode rules = JsonNodeFactory.instance.arrayNode();
  private final List<String> pending = new ArrayList<>();
  private final List<Runnable> after = new ArrayList<>();

  /**
   * @param folder for the dubs
   * @param sound what they are made of: 6 s of it, spoken faster or slower at its pitch
   * @param startSeconds where these begin; above 0 only for dubs of the slot's length
   */
  Answers(Path folder, Path sound, int startSeconds) {
    this.folder = folder;
    this.sound = sound;
    this.startSeconds = startSeconds;
  }

  /** The service fails at this fragment: its slot stays in the original. */
  void fail(int fragment) {
    ObjectNode rule = rules.addObject().put("fragment", fragment).put("do", "fail");
    rule.put("code", "MODEL_ERROR").put("message", "drill").put("retryable", false);
  }

  /** The service answers this fragment with such a dub. */
  void answer(int fragment, Kind kind) {
    Path file = folder.resolve("dub-" + fragment + "." + kind.container.suffix);
    String tempo = kind.length == 1 ? "" : "atempo=%.6f,".formatted(1 / kind.length);
    // Converted before it is cut: the pieces of a sound that goes on have no edges then.
    String filter =
        startSeconds > 0
            ? "aresample=%d,atrim=start=%d:end=%d,asetpts=PTS-STARTPTS"
                .formatted(kind.rate(), startSeconds, startSeconds + SECONDS)
            : "atrim=end=%d,%sapad,atrim=end_sample=%d,aresample=%d"
                .formatted(SECONDS, tempo, Math.round(SECONDS * kind.length * 48_000), kind.rate());
    String options =
        "-map 0:a -af %s -ar %d -ac %d %s"
            .formatted(filter, kind.rate(), kind.form.channels, kind.container.options);
    pending.addAll(List.of(options.split(" ")));
    pending.add(file.toString());
    ObjectNode audio =
        rules
            .addObject()
            .put("fragment", fragment)
            .put("do", "patch")
            .putObject("fields")
            .putObject("dubbed_audio");
    audio.put("format", kind.container.label);
    audio.put("sample_rate_hz", kind.rate()).put("channels", kind.form.channels);
    audio.put("duration_ms", Math.round(SECONDS * kind.length * 1000));
    after.add(() -> audio.put("data_base64", base64(file)));
  }

  private static String base64(Path file) {
    try {
      String text = Base64.getEncoder().encodeToString(Files.readAllBytes(file));
      Files.delete(file);
      return text;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Makes all dubs; the plan for a stand-in. */
  FaultPlan plan() throws Exception {
    List<String> arguments = new ArrayList<>(List.of("-i", sound.toString()));
    arguments.addAll(pending);
    ClipMaker.make(arguments);
    after.forEach(Runnable::run);
    ObjectNode plan = JsonNodeFactory.instance.objectNode();
    plan.set("rules", rules);
    return FaultPlan.read(plan);
  }
}
