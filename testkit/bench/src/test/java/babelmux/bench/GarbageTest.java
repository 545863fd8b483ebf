package babelmux.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class GarbageTest {

  @Test
  void theSameSeedMakesTheSameRequestsOfEveryKind() {
    Garbage one = new Garbage(new SplittableRandom(7));
    Garbage same = new Garbage(new SplittableRandom(7));
    Garbage other = new Garbage(new SplittableRandom(8));
    Set<Garbage.Kind> kinds = EnumSet.noneOf(Garbage.Kind.class);
    int different = 0;
    for (int i = 0; i < 1_000; i++) {
      Garbage.Request request = one.next();
      kinds.add(request.kind());
      assertThat(same.next().bytes()).isEqualTo(request.bytes());
      different += Arrays.equals(other.next().bytes(), request.bytes()) ? 0 : 1;
    }
    assertThat(kinds).isEqualTo(EnumSet.allOf(Garbage.Kind.class));
    assertThat(different).isGreaterThan(900);
  }

  @Test
  void whatIsHttpSaysHowLongItIs() {
    Garbage garbage = new Garbage(new SplittableRandom(7));
    for (int i = 0; i < 1_000; i++) {
      Garbage.Request request = garbage.next();
      if (request.kind().answered()) {
        String text = new String(request.bytes(), StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        assertThat(text.substring(0, end))
            .as(request.kind().label())
            .contains("Content-Length: " + (text.length() - end - 4));
      }
    }
  }
}
