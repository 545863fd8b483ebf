package babelmux.worker.streams;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads how much memory this process may have: the least of the limits of its control groups (v2
 * {@code memory.max}, v1 {@code memory.limit_in_bytes}) and of the machine's memory. What cannot be
 * read does not limit. Reads some small files of the kernel's; any thread.
 */
final class MemoryLimit {
  private static final Pattern MACHINE = Pattern.compile("(?m)^MemTotal:\\s+(\\d{1,15}) kB");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,18}");
  // Version 1 has no word for "no limit", only a number near the largest one.
  private static final long UNLIMITED_BYTES = 1L << 60;

  private final Path root;

  /**
   * @param root of the file system, {@code /}
   */
  MemoryLimit(Path root) {
    this.root = root;
  }

  /** The limit in bytes; empty when nothing tells of one. */
  OptionalLong bytes() {
    long least = machineBytes();
    for (String line : text("proc/self/cgroup").lines().toList()) {
      String[] parts = line.split(":", 3);
      if (parts.length == 3 && parts[1].isEmpty()) {
        least = Math.min(least, groupBytes("sys/fs/cgroup", parts[2], "memory.max"));
      } else if (parts.length == 3 && List.of(parts[1].split(",")).contains("memory")) {
        least =
            Math.min(least, groupBytes("sys/fs/cgroup/memory", parts[2], "memory.limit_in_bytes"));
      }
    }
    return least < UNLIMITED_BYTES ? OptionalLong.of(least) : OptionalLong.empty();
  }

  private long machineBytes() {
    Matcher total = MACHINE.matcher(text("proc/meminfo"));
    return total.find() ? Long.parseLong(total.group(1)) * 1024 : Long.MAX_VALUE;
  }

  /** The least limit of a group and all around it; inside a container the path may be another's. */
  private long groupBytes(String mount, String path, String file) {
    Path top = root.resolve(mount).normalize();
    Path group = root.resolve(mount + "/" + path).normalize();
    long least = Long.MAX_VALUE;
    while (group.startsWith(top)) {
      String text = text(group.resolve(file)).strip();
      if (NUMBER.matcher(text).matches()) {
        least = Math.min(least, Long.parseLong(text));
      }
      Path around = group.getParent();
      if (around == null) {
        break;
      }
      group = around;
    }
    return least;
  }

  private String text(String file) {
    return text(root.resolve(file));
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }
}
