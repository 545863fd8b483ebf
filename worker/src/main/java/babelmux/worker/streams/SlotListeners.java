package babelmux.worker.streams;

import babelmux.worker.session.DubListener;
import babelmux.worker.session.SlotWords;
import babelmux.worker.sts.FallbackReason;
import java.util.List;

/** Tells several listeners what the slots of a stream are; speech is measured once for all. */
record SlotListeners(List<DubListener> listeners) implements DubListener {
  SlotListeners {
    listeners = List.copyOf(listeners);
  }

  @Override
  public void segment(long index, String fragmentId, long startUs, long endUs) {
    listeners.forEach(listener -> listener.segment(index, fragmentId, startUs, endUs));
  }

  @Override
  public void words(long index, SlotWords words) {
    SlotWords once = listeners.size() > 1 ? words.measuredOnce() : words;
    listeners.forEach(listener -> listener.words(index, once));
  }

  @Override
  public void dubbed(long index) {
    listeners.forEach(listener -> listener.dubbed(index));
  }

  @Override
  public void fellBack(long index, FallbackReason reason, String detail) {
    listeners.forEach(listener -> listener.fellBack(index, reason, detail));
  }

  @Override
  public void vetoed(long index) {
    listeners.forEach(listener -> listener.vetoed(index));
  }

  @Override
  public void bypassedIn(long index) {
    listeners.forEach(listener -> listener.bypassedIn(index));
  }
}
