package babelmux.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import babelmux.e2e.Answers.Container;
import babelmux.e2e.Answers.Form;
import babelmux.e2e.Answers.Kind;
import babelmux.meter.SlotSpeed;
import babelmux.meter.Sound;
import babelmux.stsecho.voice.VoiceKind;
import babelmux.testmedia.ClipMaker;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Dubs of 0.7 to 1.6 times the length of their slots, in every container and form, with original
 * slots between them, through {@code dub}: each mark of each slot where it belongs. All of it
 * stands in {@code target/e2e/DubLengthsIT/lengths.md}, the worst of each container in {@code
 * containers.md}.
 */
@Tag(Machine.OFFLINE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DubLengthsIT {
  private static final int RATE = 48_000;
  private static final int SLOT = 6 * RATE;
  private static final double MAX_TEMPO = 1.25;
  private static final double SAME_LENGTH_LIMIT_MS = 10;
  // Where the tempo changes, FFmpeg's atempo moves what is heard to the next place where it fits.
  private static final double LIMIT_MS = 30;

  /** One waits for files and servers about a third of its time. */
  private static final int SIDE_BY_SIDE = 2;

  private Path folder;
  private Path sound;
  private Sound source;
  private QualityTable lengths;
  private QualityTable containers;
  private final ExecutorService pool = Executors.newFixedThreadPool(SIDE_BY_SIDE);
  private final Map<Container, Future<List<String>>> faults = new EnumMap<>(Container.class);

  @BeforeAll
  void prepare() throws Exception {
    folder = Films.folder(DubLengthsIT.class);
    sound = folder.resolve("sound.wav");
    ClipMaker.make("-i", Films.counting().toString(), "-vn", "-t", "30", sound.toString());
    source = Sound.read(sound);
    lengths =
        new QualityTable(
            folder.resolve("lengths.md"),
            "dub",
            "marks heard",
            "of",
            "tempo",
            "pitch",
            "marks off, max, ms");
    containers =
        new QualityTable(
            folder.resolve("containers.md"),
            "container",
            "dubs",
            "marks off, dubs of the slot's length, max, ms",
            "marks off, other lengths, max, ms",
            "marks off, original slots between, max, ms",
            "pitch off, max");
    for (Container container : Container.values()) {
      faults.put(container, pool.submit(() -> faults(container)));
    }
  }

  @AfterAll
  void stop() {
    pool.shutdownNow();
  }

  /** Every length, in its turn in each form; at the length of the slot in all of them. */
  private static List<Kind> everyLength(Container container) {
    List<Kind> kinds = new ArrayList<>();
    Form[] forms = Form.values();
    int turn = List.of(Container.values()).indexOf(container);
    for (int percent = 70; percent <= 160; percent += 10) {
      kinds.add(new Kind(percent / 100.0, container, forms[(percent / 10 + turn) % forms.length]));
    }
    for (Form form : forms) {
      kinds.add(new Kind(1, container, form));
    }
    return kinds;
  }

  /** Tempo of a dub on air, seen from the original: its own pace and what it was sped up by. */
  private static double paceOnAir(double length) {
    return Math.min(Math.max(1, length), MAX_TEMPO) / length;
  }

  @ParameterizedTest
  @EnumSource(Container.class)
  void dubsOfEveryLength(Container container) throws Exception {
    assertThat(Objects.requireNonNull(faults.get(container)).get()).isEmpty();
  }

  private List<String> faults(Container container) throws Exception {
    List<Kind> kinds = everyLength(container);
    Answers answers = new Answers(folder, sound, 0);
    Map<Integer, Kind> dubs = new LinkedHashMap<>();
    int fragment = 0;
    for (Kind kind : kinds) {
      // Every third slot stays in the original.
      if (fragment % 3 == 2) {
        answers.fail(fragment++);
      }
      answers.answer(fragment, kind);
      dubs.put(fragment++, kind);
    }
    Path film = folder.resolve(container + ".m4a");
    ClipMaker.make(
        "-stream_loop",
        "-1",
        "-i",
        sound.toString(),
        "-t",
        Integer.toString(6 * fragment),
        "-c:a",
        "aac",
        "-b:a",
        "192k",
        film.toString());
    Path out = folder.resolve(container + "-out.mp4");

    String said = Offline.dub(film, out, VoiceKind.ECHO, answers.plan());

    assertThat(said).contains("%d segments dubbed".formatted(kinds.size()));
    Sound heard = Sound.read(out);
    assertThat(heard.length()).isCloseTo(fragment * SLOT, within(1024));
    List<String> found = new ArrayList<>();
    double[] worst = new double[4];
    for (int slot = 0; slot < fragment; slot++) {
      Kind kind = dubs.get(slot);
      if (kind == null) {
        worst[2] = Math.max(worst[2], original(heard, slot, found));
      } else {
        SlotSpeed speed = SlotSpeed.of(source, 0, SLOT, heard, slot * SLOT, (slot + 1) * SLOT);
        int of = kind.length() == 1 ? 0 : 1;
        worst[of] = Math.max(worst[of], checked(kind, speed, found));
        worst[3] = Math.max(worst[3], Math.abs(speed.pitch() - 1));
      }
    }
    containers.row(
        container.name().toLowerCase(Locale.ROOT),
        kinds.size(),
        worst[0],
        worst[1],
        worst[2],
        "%.4f".formatted(worst[3]));
    return found;
  }

  /** How far off the worst mark is, milliseconds. */
  private double checked(Kind kind, SlotSpeed speed, List<String> found) throws IOException {
    double pace = paceOnAir(kind.length());
    int expected = 0;
    double worstMs = 0;
    for (int beep = 0; beep < 6; beep++) {
      double atSeconds = (beep + 0.5) / pace;
      // The last 50 ms of what is cut fade.
      if (atSeconds + 0.1 / pace < 6 - 0.05) {
        expected++;
        if (beep < speed.beeps()) {
          double offMs = speed.offsetsUs().get(beep) / 1e3 - (atSeconds - beep - 0.5) * 1e3;
          worstMs = Math.max(worstMs, Math.abs(offMs));
        }
      }
    }
    lengths.row(kind.toString(), speed.beeps(), expected, speed.tempo(), speed.pitch(), worstMs);
    if (speed.beeps() < expected || speed.beeps() > expected + 1) {
      found.add(kind + ": " + speed.beeps() + " marks, expected " + expected);
    }
    if (worstMs > (kind.length() == 1 ? SAME_LENGTH_LIMIT_MS : LIMIT_MS)) {
      found.add(kind + ": a mark is off by " + worstMs + " ms");
    }
    if (Math.abs(speed.pitch() - 1) > 0.003) {
      found.add(kind + ": the pitch is " + speed.pitch() + " times the original's");
    }
    return worstMs;
  }

  private double original(Sound heard, int slot, List<String> found) {
    int there = slot % 5 * SLOT;
    SlotSpeed speed =
        SlotSpeed.of(source, there, there + SLOT, heard, slot * SLOT, (slot + 1) * SLOT);
    double worstMs =
        speed.offsetsUs().stream().mapToDouble(us -> Math.abs(us) / 1e3).max().orElse(0);
    if (speed.beeps() != 6 || worstMs > 1) {
      found.add(
          "original in slot %d: %d marks, off by %.2f ms".formatted(slot, speed.beeps(), worstMs));
    }
    return worstMs;
  }
}
