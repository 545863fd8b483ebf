package babelmux.worker.session;

import babelmux.worker.sound.DeadDub;
import babelmux.worker.sts.FallbackReason;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** What was said of one dub. Any thread. */
final class DubRecord implements DubListener {
  final NavigableMap<Long, FallbackReason> fellBack = new ConcurrentSkipListMap<>();
  final List<Boolean> onAir = new CopyOnWriteArrayList<>();
  final Map<DeadDub, Integer> dead = new ConcurrentHashMap<>();
  final NavigableMap<Long, SlotWords> words = new ConcurrentSkipListMap<>();
  private final List<Long> dubbed = new CopyOnWriteArrayList<>();

  /** The segments that were dubbed, in their order; one that was dubbed twice is in it twice. */
  List<Long> dubbed() {
    return dubbed.stream().sorted().toList();
  }

  @Override
  public void dubbed(long index) {
    dubbed.add(index);
  }

  @Override
  public void words(long index, SlotWords said) {
    words.put(index, said);
  }

  @Override
  public void fellBack(long index, FallbackReason reason, String detail) {
    fellBack.put(index, reason);
  }

  @Override
  public void deadDubs(DeadDub kind, int dubs) {
    dead.merge(kind, dubs, Integer::sum);
  }

  @Override
  public void onAir(boolean dub) {
    onAir.add(dub);
  }
}
