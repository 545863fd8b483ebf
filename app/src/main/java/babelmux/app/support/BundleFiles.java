package babelmux.app.support;

import babelmux.media.Secrets;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The files of a support bundle, by name, and what could not be had. One thread. */
final class BundleFiles {

  private static final String README = "README.txt";

  private final Map<String, String> files = new LinkedHashMap<>();
  private final List<String> missing = new ArrayList<>();

  /** Adds a file, without what this process knows to be secret. */
  void put(String name, String text) {
    files.put(name, Secrets.maskKnown(text));
  }

  /** Says why something is not there; masked. */
  void miss(String what, String why) {
    missing.add(Secrets.mask("%s: %s".formatted(what, why)));
  }

  /** What could not be had, one line each. */
  List<String> missing() {
    return List.copyOf(missing);
  }

  /** The number of files, the one that explains them included. */
  int size() {
    return files.size() + 1;
  }

  /**
   * Writes all of them.
   *
   * @param explained what stands in the file that explains the others
   * @throws IOException also when the file is there: it is not overwritten
   */
  void write(Path zip, String explained) throws IOException {
    Set<StandardOpenOption> onlyNew =
        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (SeekableByteChannel file = Files.newByteChannel(zip, onlyNew, forOwner());
        OutputStream out = Channels.newOutputStream(file);
        ZipOutputStream entries = new ZipOutputStream(out)) {
      add(entries, README, explained);
      for (Map.Entry<String, String> each : files.entrySet()) {
        add(entries, each.getKey(), each.getValue());
      }
    }
  }

  private static void add(ZipOutputStream entries, String name, String text) throws IOException {
    entries.putNextEntry(new ZipEntry(name));
    entries.write(text.getBytes(StandardCharsets.UTF_8));
    entries.closeEntry();
  }

  private static FileAttribute<?>[] forOwner() {
    boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    return posix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(
              EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE))
        }
        : new FileAttribute<?>[0];
  }
}
