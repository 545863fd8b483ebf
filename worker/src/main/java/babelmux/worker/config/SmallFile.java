package babelmux.worker.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/**
 * Reads files that hold a secret or a certificate: regular ones only, since a pipe that nobody
 * writes to would hold up a start forever. Blocks for as long as the file system takes.
 */
public final class SmallFile {

  /** Where container programs put secrets, open to all users: there are no others in there. */
  private static final Path IN_CONTAINERS = Path.of("/run/secrets");

  private static final int MAX_LINE_BYTES = 8192;

  private SmallFile() {}

  /**
   * Reads all of it.
   *
   * @param maxBytes 0 or more
   * @throws IOException if it cannot be used; the message is the reason in a few words, without the
   *     file's name
   */
  public static byte[] read(Path file, int maxBytes) throws IOException {
    try {
      if (Files.exists(file) && !Files.isRegularFile(file)) {
        throw new IOException("is no regular file");
      }
      try (InputStream in = Files.newInputStream(file)) {
        byte[] bytes = in.readNBytes(maxBytes + 1);
        if (bytes.length > maxBytes) {
          throw new IOException("is longer than %d bytes".formatted(maxBytes));
        }
        return bytes;
      }
    } catch (NoSuchFileException e) {
      throw new IOException("is not there", e);
    } catch (AccessDeniedException e) {
      throw new IOException("may not be read by this user", e);
    } catch (FileSystemException e) {
      // Its message begins with the name, which may be a secret that was meant as it stands.
      String reason = e.getReason() == null ? e.getClass().getSimpleName() : e.getReason();
      throw new IOException("cannot be read (%s)".formatted(reason), e);
    }
  }

  /**
   * The one line of a file, without blanks and line ends around it.
   *
   * @throws IOException as {@link #read}, and when there is not just one; tells nothing of the line
   */
  public static String line(Path file) throws IOException {
    byte[] bytes = read(file, MAX_LINE_BYTES);
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString().strip();
    } catch (CharacterCodingException e) {
      throw new IOException("is no UTF-8 text", e);
    }
    if (text.isEmpty()) {
      throw new IOException("is empty");
    }
    if (text.lines().count() > 1) {
      throw new IOException("holds more than one line");
    }
    return text;
  }

  /**
   * Tells whether every user of the machine can read it. Never fails: a file that cannot be looked
   * at is not open to all.
   */
  static boolean isOpenToAll(Path file) {
    try {
      Path real = file.toRealPath();
      if (real.startsWith(IN_CONTAINERS) || !has(real, PosixFilePermission.OTHERS_READ)) {
        return false;
      }
      for (Path folder = real.getParent(); folder != null; folder = folder.getParent()) {
        if (!has(folder, PosixFilePermission.OTHERS_EXECUTE)) {
          return false;
        }
      }
      return true;
    } catch (IOException | UnsupportedOperationException e) {
      // Not there, or on a file system without such rights.
      return false;
    }
  }

  private static boolean has(Path path, PosixFilePermission right) throws IOException {
    Set<PosixFilePermission> rights = Files.getPosixFilePermissions(path);
    return rights.contains(right);
  }
}
