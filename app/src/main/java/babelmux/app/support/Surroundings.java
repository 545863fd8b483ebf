package babelmux.app.support;

import babelmux.media.Natives;
import java.lang.management.ManagementFactory;
import java.lang.management.RuntimeMXBean;
import java.util.LinkedHashMap;
import java.util.Map;

/** What this process is and runs on. Stateless. */
final class Surroundings {

  private Surroundings() {}

  /** Versions by name. */
  static Map<String, String> versions(String program) {
    Map<String, String> versions = new LinkedHashMap<>();
    versions.put("babelmux", program);
    versions.put("java", "%s, %s".formatted(Runtime.version(), System.getProperty("java.vendor")));
    versions.put(
        "os",
        "%s %s, %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")));
    versions.put("ffmpeg", ffmpeg());
    return versions;
  }

  private static String ffmpeg() {
    try {
      return Natives.load();
    } catch (UnsatisfiedLinkError e) {
      return String.valueOf(e.getMessage());
    }
  }

  /** Figures of this process by name, which has the unit. */
  static Map<String, Long> process() {
    RuntimeMXBean runtime = ManagementFactory.getRuntimeMXBean();
    Runtime memory = Runtime.getRuntime();
    Map<String, Long> figures = new LinkedHashMap<>();
    figures.put("pid", ProcessHandle.current().pid());
    figures.put("uptimeMs", runtime.getUptime());
    figures.put("processors", (long) memory.availableProcessors());
    figures.put("heapUsedBytes", memory.totalMemory() - memory.freeMemory());
    figures.put("heapMaxBytes", memory.maxMemory());
    figures.put("residentBytes", Natives.residentBytes());
    figures.put("nativeObjects", Natives.live());
    figures.put("threads", (long) ManagementFactory.getThreadMXBean().getThreadCount());
    return figures;
  }
}
