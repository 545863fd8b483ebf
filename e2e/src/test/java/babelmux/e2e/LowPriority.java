package babelmux.e2e;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Lowers the priority of this process where the property {@code e2e.low-priority} says so, for
 * tests that run beside others which measure real time. Without a {@code renice} it stays as it is.
 */
public final class LowPriority implements LauncherSessionListener {
  @Override
  public void launcherSessionOpened(LauncherSession session) {
    if (!Boolean.getBoolean("e2e.low-priority")) {
      return;
    }
    // On Linux this is the priority of the thread that begins all others: they take it over.
    String pid = Long.toString(ProcessHandle.current().pid());
    try {
      Process renice =
          new ProcessBuilder("renice", "-n", "15", "-p", pid)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      if (!renice.waitFor(10, TimeUnit.SECONDS) || renice.exitValue() != 0) {
        System.out.println("the priority of the tests stays as it is: renice does not do it");
      }
    } catch (IOException e) {
      System.out.println("the priority of the tests stays as it is: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
