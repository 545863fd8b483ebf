package babelmux.worker.timeline;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.TrackKind;
import org.junit.jupiter.api.Test;

class StretchMapTest {
  private final StretchMap map = new StretchMap(6_500_000);

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
    StretchMap.Place leap = map.place(TrackKind.VIDEO, 900_033_000L, 33_000);
    assertThat(leap.newStretch()).isTrue();
    // The sound that was sent before the leap still belongs to the stretch before.
    StretchMap.Place old = map.place(TrackKind.AUDIO, 1_026_000L, 34_000);
    assertThat(old.newStretch()).isFalse();
    assertThat(1_026_000L + old.offsetUs()).isEqualTo(26_000);
    StretchMap.Place sound = map.place(TrackKind.AUDIO, 900_047_000L, 47_000);
    assertThat(sound.newStretch()).isFalse();
    assertThat(sound.offsetUs()).isEqualTo(leap.offsetUs());
  }

  @Test
  void aSourceThatComesBackStandsWhereTheWallClockHasIt() {
    placed(TrackKind.VIDEO, 5000, 0);
    map.interrupt();
    StretchMap.Place back = map.place(TrackKind.VIDEO, 0, 12_345_678);
    assertThat(back.newStretch()).isTrue();
    assertThat(back.offsetUs()).isBetween(12_345_678L, 12_346_999L);
    assertThat(back.offsetUs() % 1000).isZero();
  }

  @Test
  void whereOnlyTheConnectionWasLostEverythingKeepsItsPlace() {
    placed(TrackKind.VIDEO, 5_000, 0);
    placed(TrackKind.AUDIO, 5_010, 12);
    map.interrupt();
    // Two seconds are missing, and the first packet comes a little late.
    StretchMap.Place sound = map.place(TrackKind.AUDIO, 7_010_000, 2_090_000);
    assertThat(sound).isEqualTo(new StretchMap.Place(-5_000_000, true));
    StretchMap.Place picture = map.place(TrackKind.VIDEO, 7_400_000, 2_470_000);
    assertThat(picture).isEqualTo(new StretchMap.Place(-5_000_000, false));
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
}
