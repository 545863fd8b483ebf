package babelmux.worker.session;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps the warnings that hold, and each change of them. One thread. */
final class WarningRecorder implements SessionListener {
  private final Map<StreamWarning, String> warnings = new EnumMap<>(StreamWarning.class);
  private final List<StreamWarning> changes = new ArrayList<>();

  @Override
  public void warning(StreamWarning kind, @Nullable String text) {
    changes.add(kind);
    if (text == null) {
      warnings.remove(kind);
    } else {
      warnings.put(kind, text);
    }
  }

  /** The texts of those that hold. */
  Map<StreamWarning, String> warnings() {
    return warnings;
  }

  /** The kind of each change, the oldest first. */
  List<StreamWarning> changes() {
    return changes;
  }
}
