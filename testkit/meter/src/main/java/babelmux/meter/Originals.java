package babelmux.meter;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Films that are published over and over, and do not change: each is read once in a process. One
 * second of a film costs a tenth of a second of a processor, and many streams of one film end at
 * the same moment.
 */
public final class Originals {
  private static final Map<Path, Recording> READ = new HashMap<>();

  private Originals() {}

  /**
   * What {@link Meter#read} gives. Any thread; a film that is being read is waited for, and so is
   * another one.
   *
   * @throws IOException as there; asked for again, the file is read again
   */
  public static synchronized Recording of(Path film) throws IOException {
    Path path = film.toAbsolutePath().normalize();
    Recording known = READ.get(path);
    if (known == null) {
      known = Meter.read(film);
      READ.put(path, known);
    }
    return known;
  }
}
