package babelmux.worker.sound;

import java.time.Duration;

/**
 * Options of the original under the dub.
 *
 * @param levelDb its level while the dub speaks, decibels: -60 to 0
 * @param pauseLevelDb its level while the dub is silent, decibels: -60 to 0
 * @param attack from one to the other before the dub speaks
 * @param release from one to the other after it has spoken
 */
public record BedOptions(double levelDb, double pauseLevelDb, Duration attack, Duration release) {
  public BedOptions {
    if (!(levelDb >= -60 && levelDb <= pauseLevelDb && pauseLevelDb <= 0)) {
      throw new IllegalArgumentException(
          "a bed's level is -60 dB to its level in pauses, and that at most 0 dB, not %s and %s"
              .formatted(levelDb, pauseLevelDb));
    }
    if (attack.isNegative() || release.isNegative()) {
      throw new IllegalArgumentException("attack and release are no negative times");
    }
  }
}
