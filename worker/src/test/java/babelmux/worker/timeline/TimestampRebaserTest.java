package babelmux.worker.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.TrackKind;
import org.junit.jupiter.api.Test;

class TimestampRebaserTest {
  private final TimestampRebaser map = new TimestampRebaser(6_500_000);

  private long placed(TrackKind kind, long dtsMs, long elapsedMs) {
    return dtsMs + map.place(kind, dtsMs * 1000, elapsedMs * 1000).offsetUs() / 1000;
  }

  @Test
  void theFirstPacketIsTimeZeroAndAllFollowWithOneConstant() {
    assertThat(placed(TrackKind.AUDIO, 3234, 0)).isZero();
    assertThat(placed(TrackKind.VIDEO, 3300, 70)).isEqualTo(66);
    assertThat(placed(TrackKind.AUDIO, 3255, 21)).isEqualTo(21);
    // Late by network trouble, and all the same in its place.
    assertThat(placed(TrackKind.VIDEO, 3333, 1900)).isEqualTo(99);
  }

  @Test
  void bothTracksLeapOneAfterTheOtherOntoOneTimeline() {
    placed(TrackKind.VIDEO, 1000, 0);
    placed(TrackKind.AUDIO, 1005, 5);
    TimestampRebaser.Place leap = map.place(TrackKind.VIDEO, 900_033_000L, 33_000);
    assertThat(leap.newRun()).isTrue();
    // The audio that was sent before the leap still belongs to the run before.
    TimestampRebaser.Place old = map.place(TrackKind.AUDIO, 1_026_000L, 34_000);
    assertThat(old.newRun()).isFalse();
    assertThat(1_026_000L + old.offsetUs()).isEqualTo(26_000);
    TimestampRebaser.Place sound = map.place(TrackKind.AUDIO, 900_047_000L, 47_000);
    assertThat(sound.newRun()).isFalse();
    assertThat(sound.offsetUs()).isEqualTo(leap.offsetUs());
  }

  @Test
  void aSourceThatComesBackStandsWhereTheWallClockHasIt() {
    placed(TrackKind.VIDEO, 5000, 0);
    map.interrupt();
    TimestampRebaser.Place back = map.place(TrackKind.VIDEO, 0, 12_345_678);
    assertThat(back.newRun()).isTrue();
    assertThat(back.offsetUs()).isBetween(12_345_678L, 12_346_999L);
    assertThat(back.offsetUs() % 1000).isZero();
  }

  @Test
  void whereOnlyTheConnectionWasLostEverythingKeepsItsPlace() {
    placed(TrackKind.VIDEO, 5_000, 0);
    placed(TrackKind.AUDIO, 5_010, 12);
    map.interrupt();
    // Two seconds are missing, and the first packet comes a little late.
    TimestampRebaser.Place sound = map.place(TrackKind.AUDIO, 7_010_000, 2_090_000);
    assertThat(sound).isEqualTo(new TimestampRebaser.Place(-5_000_000, true));
    TimestampRebaser.Place picture = map.place(TrackKind.VIDEO, 7_400_000, 2_470_000);
    assertThat(picture).isEqualTo(new TimestampRebaser.Place(-5_000_000, false));
  }

  @Test
  void whatWasHeldUpAndComesAllAtOnceKeepsItsPlaceWhileItCanStillLeaveInTime() {
    placed(TrackKind.VIDEO, 5_000, 0);
    map.interrupt();
    assertThat(placed(TrackKind.VIDEO, 5_033, 6_400)).isEqualTo(33);
    map.interrupt();
    assertThat(placed(TrackKind.VIDEO, 5_066, 6_600)).as("too late for that").isEqualTo(6_600);
  }

  @Test
  void aSourceThatBeginsAgainIsNotTakenForOneThatGoesOn() {
    placed(TrackKind.VIDEO, 3_000, 0);
    placed(TrackKind.VIDEO, 3_800, 800);
    map.interrupt();
    assertThat(placed(TrackKind.VIDEO, 3_000, 2_900)).isEqualTo(2_900);
  }

  @Test
  void aLeapWhilePacketsGoOnComingMovesNothing() {
    for (int n = 0; n < 30; n++) {
      assertThat(placed(TrackKind.VIDEO, 1_000 + 40L * n, 40L * n)).isEqualTo(40L * n);
    }
    // 170 ms late, as a network makes it.
    assertThat(placed(TrackKind.VIDEO, 3_600_000, 1_370)).isEqualTo(1_200);
    assertThat(placed(TrackKind.VIDEO, 3_600_040, 1_371)).isEqualTo(1_240);
    assertThat(placed(TrackKind.AUDIO, 3_600_020, 1_372)).isEqualTo(1_220);
  }

  @Test
  void keyframesAfterAStallAreFurtherApartThanTheyCome() {
    placed(TrackKind.AUDIO, 0, 0);
    placed(TrackKind.VIDEO, 0, 0);
    assertThat(map.place(TrackKind.VIDEO, 2_000_000, 5_000_000))
        .isEqualTo(new TimestampRebaser.Place(0, false));
    assertThat(map.place(TrackKind.VIDEO, 4_000_000, 5_001_000))
        .isEqualTo(new TimestampRebaser.Place(0, false));
    assertThat(map.place(TrackKind.AUDIO, 21_000, 5_002_000))
        .isEqualTo(new TimestampRebaser.Place(0, false));
  }

  @Test
  void theOtherTrackShowsThatTheSourceIsInAHurry() {
    placed(TrackKind.VIDEO, 0, 0);
    for (long ms = 0; ms <= 8_000; ms += 20) {
      placed(TrackKind.AUDIO, ms, ms / 10);
    }
    assertThat(map.place(TrackKind.VIDEO, 8_000_000, 801_000))
        .isEqualTo(new TimestampRebaser.Place(0, false));
  }

  @Test
  void aTrackThatBeginsLongAfterTheOtherStalledKeepsItsPlace() {
    placed(TrackKind.AUDIO, 0, 0);
    assertThat(placed(TrackKind.VIDEO, 15_000, 15_100)).isEqualTo(15_000);
    assertThat(placed(TrackKind.AUDIO, 20, 15_110)).isEqualTo(20);
  }

  @Test
  void aLeapAtTheLimitTakesBothTracks() {
    for (long leap = 900; leap <= 3_000; leap += 10) {
      TimestampRebaser rebaser = new TimestampRebaser(6_500_000);
      for (long ms = 0; ms <= 2_000; ms += 20) {
        rebaser.place(TrackKind.VIDEO, ms * 1000, ms * 1000);
        rebaser.place(TrackKind.AUDIO, (ms + 7) * 1000, ms * 1000);
      }
      for (long ms = 2_020; ms <= 4_000; ms += 20) {
        long us = (ms + leap) * 1000;
        long picture = rebaser.place(TrackKind.VIDEO, us, ms * 1000).offsetUs();
        long sound = rebaser.place(TrackKind.AUDIO, us + 7_000, (ms - 15) * 1000).offsetUs();
        assertThat(sound).as("leap of %d ms", leap).isEqualTo(picture);
      }
    }
  }
}
