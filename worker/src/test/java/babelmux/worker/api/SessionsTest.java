package babelmux.worker.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionsTest {

  /** A monotonic clock may stand anywhere, and pass zero or its end while a session lives. */
  private static final long BEGIN = Long.MAX_VALUE - Duration.ofHours(6).toNanos();

  private static final long LIFE = Duration.ofHours(12).toNanos();

  private final Sessions sessions = new Sessions();

  private boolean isOpen(String value, long generation, long nanos) {
    return sessions.isOpen(List.of(value), generation, nanos);
  }

  @Test
  void aSessionIsOpenForTwelveHours() {
    String value = sessions.open(3, BEGIN);
    assertThat(isOpen(value, 3, BEGIN)).isTrue();
    assertThat(isOpen(value, 3, BEGIN + LIFE - 1)).isTrue();
    assertThat(isOpen(value, 3, BEGIN + LIFE)).isFalse();
    assertThat(Sessions.LIFE.toNanos()).isEqualTo(LIFE);
  }

  @Test
  void useDoesNotMakeItLonger() {
    String value = sessions.open(0, BEGIN);
    for (long at = 0; at < LIFE; at += LIFE / 10) {
      assertThat(isOpen(value, 0, BEGIN + at)).isTrue();
    }
    assertThat(isOpen(value, 0, BEGIN + LIFE)).isFalse();
  }

  @Test
  void valuesHave256RandomBitsOfWhichADigestIsKept() {
    Set<String> values = new HashSet<>();
    byte[] ones = new byte[32];
    byte[] zeros = new byte[32];
    for (int i = 0; i < 200; i++) {
      String value = sessions.open(0, BEGIN);
      assertThat(value).matches("[A-Za-z0-9_-]{43}");
      byte[] bits = Base64.getUrlDecoder().decode(value);
      assertThat(bits).hasSize(32);
      for (int j = 0; j < bits.length; j++) {
        ones[j] |= bits[j];
        zeros[j] |= (byte) ~bits[j];
      }
      values.add(value);
      assertThat(sessions.digests())
          .contains(ByteBuffer.wrap(Digests.sha256(value)))
          .doesNotContain(ByteBuffer.wrap(bits));
    }
    assertThat(values).hasSize(200);
    byte[] all = new byte[32];
    java.util.Arrays.fill(all, (byte) 0xff);
    assertThat(ones).as("each bit is sometimes one").isEqualTo(all);
    assertThat(zeros).as("and sometimes zero").isEqualTo(all);
  }

  @Test
  void itEndsWithItsToken() {
    String value = sessions.open(0, BEGIN);
    assertThat(isOpen(value, 1, BEGIN)).isFalse();
    String next = sessions.open(1, BEGIN);
    assertThat(isOpen(next, 1, BEGIN)).isTrue();
    assertThat(isOpen(value, 0, BEGIN)).as("it is not even kept").isFalse();
  }

  /** A request may have read the old token when another one had come already. */
  @Test
  void whoComesLateWithAnOlderTokenEndsNobodysSession() {
    String value = sessions.open(1, BEGIN);
    String late = sessions.open(0, BEGIN);
    assertThat(isOpen(value, 1, BEGIN)).isTrue();
    assertThat(isOpen(late, 1, BEGIN)).isFalse();
  }

  @Test
  void theOldestGoes() {
    List<String> values = new ArrayList<>();
    for (int i = 0; i < Sessions.MAX; i++) {
      values.add(sessions.open(0, BEGIN + i));
    }
    assertThat(values).allMatch(value -> isOpen(value, 0, BEGIN + 1000));
    String last = sessions.open(0, BEGIN + 1000);
    assertThat(sessions.digests()).hasSize(256);
    assertThat(isOpen(last, 0, BEGIN + 1000)).isTrue();
    assertThat(isOpen(values.get(0), 0, BEGIN + 1000)).isFalse();
    assertThat(values.subList(1, values.size())).allMatch(value -> isOpen(value, 0, BEGIN + 1000));
  }

  @Test
  void thoseThatAreOverMakeRoomFirst() {
    for (int i = 0; i < Sessions.MAX; i++) {
      sessions.open(0, BEGIN);
    }
    String value = sessions.open(0, BEGIN + LIFE);
    assertThat(sessions.digests()).containsExactly(ByteBuffer.wrap(Digests.sha256(value)));
  }

  @Test
  void endingOneEndsNoOther() {
    String first = sessions.open(0, BEGIN);
    String second = sessions.open(0, BEGIN);
    sessions.end(List.of("nonsense", first));
    assertThat(isOpen(first, 0, BEGIN)).isFalse();
    assertThat(isOpen(second, 0, BEGIN)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 42, 44, 86, 8000})
  void whatHasAnotherLengthIsNone(int length) {
    String value = sessions.open(0, BEGIN);
    String other = value.repeat(1 + length / value.length()).substring(0, length);
    assertThat(isOpen(other, 0, BEGIN)).isFalse();
  }

  @Test
  void whatDiffersInOneCharacterIsNone() {
    String value = sessions.open(0, BEGIN);
    for (int i = 0; i < value.length(); i++) {
      char other = value.charAt(i) == 'A' ? 'B' : 'A';
      assertThat(isOpen(value.substring(0, i) + other + value.substring(i + 1), 0, BEGIN))
          .as("at %d", i)
          .isFalse();
    }
    assertThat(isOpen(value.toLowerCase(java.util.Locale.ROOT) + "", 0, BEGIN)).isFalse();
  }

  /** A site on another port, or a sibling domain, may plant cookies of our name. */
  @Test
  void someStrangersBesideItDoNotShutItOutAndManyCostNothing() {
    String value = sessions.open(0, BEGIN);
    String stranger = "A".repeat(43);
    List<String> some = new ArrayList<>(Collections.nCopies(100, "wrong length"));
    some.addAll(Collections.nCopies(Sessions.MAX_CANDIDATES - 1, stranger));
    some.add(value);
    assertThat(sessions.isOpen(some, 0, BEGIN)).isTrue();
    List<String> many = new ArrayList<>(Collections.nCopies(Sessions.MAX_CANDIDATES, stranger));
    many.add(value);
    assertThat(sessions.isOpen(many, 0, BEGIN)).as("no more are looked at").isFalse();
  }
}
