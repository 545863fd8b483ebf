package babelmux.worker.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A reader whose connection sends nothing before the test says so; on the test's thread. */
class EventReaderTest {

  private static final int BIG = 200 << 10;

  private final Vertx vertx = Vertx.vertx();
  private final Context context = vertx.getOrCreateContext();
  private final List<Buffer> written = new ArrayList<>();
  private final List<Promise<Void>> unsent = new ArrayList<>();
  private final List<Boolean> ends = new ArrayList<>();
  private final Map<String, Handler<?>> handlers = new HashMap<>();
  private int disconnected;
  private boolean closed;
  private boolean mayRead = true;
  private final EventReader reader = reader(null);

  private EventReader reader(@Nullable String streamId) {
    return new EventReader(
        context,
        response(),
        slow -> disconnected++,
        streamId,
        null,
        () -> mayRead,
        (ended, slow) -> ends.add(slow));
  }

  private HttpServerResponse response() {
    return (HttpServerResponse)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {HttpServerResponse.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("write")) {
                written.add((Buffer) arguments[0]);
                Promise<Void> sent = Promise.promise();
                unsent.add(sent);
                return sent.future();
              }
              if (method.getName().endsWith("Handler")) {
                handlers.put(method.getName(), (Handler<?>) arguments[0]);
              }
              if (method.getReturnType() == boolean.class) {
                return method.getName().equals("closed") && closed;
              }
              return method.getReturnType() == Future.class ? Future.succeededFuture() : proxy;
            });
  }

  @AfterEach
  void close() {
    vertx.close();
  }

  private static byte[] text(String begin, int length) {
    return (begin + "x".repeat(length)).getBytes(UTF_8);
  }

  private static EventMaker.Batch batch(Map<String, byte[]> streams, List<JournalText> journal) {
    return new EventMaker.Batch(
        Optional.empty(), journal, 0, Map.of(), streams, Optional.empty(), streams, List.of());
  }

  private void sent() {
    unsent.remove(0).complete();
  }

  private long bytes() {
    return written.stream().mapToLong(Buffer::length).sum();
  }

  @Test
  void nothingIsWrittenBehindWhatIsNotSent() {
    reader.begin();
    assertThat(written).extracting(Buffer::toString).containsExactly("retry: 2000\n\n");
    for (int i = 0; i < 1000; i++) {
      reader.next(
          batch(Map.of("a", text("a" + i + " ", BIG), "b", text("b" + i + " ", BIG)), List.of()));
    }
    assertThat(written).hasSize(1);
    sent();
    assertThat(written).hasSize(2);
    assertThat(bytes()).isLessThan((64 << 10) + BIG + 100);
    assertThat(written.get(1).toString().substring(0, 5)).isIn("a999 ", "b999 ");
    sent();
    sent();
    assertThat(bytes()).as("the newest of both, and no more").isLessThan(2L * BIG + 100);
    assertThat(unsent).isEmpty();
    assertThat(disconnected).isZero();
    reader.next(batch(Map.of("a", text("a1000 ", 1)), List.of()));
    assertThat(unsent).hasSize(1);
  }

  @Test
  void whatStandsForTooLongIsDisconnectedOnce() {
    reader.begin();
    long now = System.nanoTime();
    reader.checkProgress(now + 9_000_000_000L, 10_000_000_000L);
    assertThat(ends).isEmpty();
    reader.checkProgress(now + 10_100_000_000L, 10_000_000_000L);
    reader.checkProgress(now + 11_000_000_000L, 10_000_000_000L);
    assertThat(ends).containsExactly(true);
    assertThat(disconnected).isOne();
    reader.next(batch(Map.of("a", text("a", 1)), List.of()));
    assertThat(written).hasSize(1);
  }

  @Test
  void whatIsAtNothingDoesNotStand() {
    reader.begin();
    sent();
    reader.checkProgress(System.nanoTime() + 100_000_000_000L, 10_000_000_000L);
    assertThat(ends).isEmpty();
  }

  /** It stands from its last write on, not from its first. */
  @Test
  void whoReadsForLongDoesNotStand() {
    reader.begin();
    sent();
    long before = System.nanoTime();
    reader.next(batch(Map.of("a", text("a", 1)), List.of()));
    reader.checkProgress(before + 9_999_999_999L, 10_000_000_000L);
    assertThat(ends).isEmpty();
  }

  @Test
  void aConnectionThatIsClosedEndsIt() {
    reader.begin();
    requireNonNull(handlers.get("closeHandler")).handle(null);
    assertThat(ends).containsExactly(false);
  }

  @Test
  void aConnectionThatWasClosedBeforeItBeganEndsIt() {
    closed = true;
    reader.begin();
    assertThat(ends).containsExactly(false);
    assertThat(written).isEmpty();
  }

  @Test
  void tooManyJournalEventsDisconnect() {
    reader.begin();
    int each = EventQueue.MAX_JOURNAL_BYTES / 8;
    for (int i = 0; i < 8; i++) {
      reader.next(batch(Map.of(), List.of(new JournalText(i, "a", new byte[each]))));
    }
    assertThat(ends).isEmpty();
    reader.next(batch(Map.of(), List.of(new JournalText(9, "a", new byte[each]))));
    assertThat(ends).containsExactly(true);
    assertThat(disconnected).isOne();
  }

  /** What comes behind the one too many, and is not for it, takes nothing back. */
  @Test
  void oneTooManyBeforeAnEventOfAnotherStreamDisconnects() {
    EventReader one = reader("a");
    one.begin();
    one.next(
        batch(
            Map.of(),
            List.of(
                new JournalText(1, "a", new byte[EventQueue.MAX_JOURNAL_BYTES + 1]),
                new JournalText(2, "b", new byte[1]))));
    assertThat(ends).containsExactly(true);
  }

  /** So much happened at once that the ring had not all of it. */
  @Test
  void aGapWhileItReadsIsSaidBeforeWhatFollows() {
    reader.begin();
    sent();
    reader.next(
        new EventMaker.Batch(
            Optional.of(text("reset ", 0)),
            List.of(new JournalText(1, "a", text("journal ", 0))),
            1,
            Map.of(),
            Map.of(),
            Optional.empty(),
            Map.of(),
            List.of()));
    assertThat(written).last().hasToString("reset journal ");
  }

  @Test
  void aFailedWriteEndsIt() {
    reader.begin();
    unsent.remove(0).fail("reset by peer");
    assertThat(ends).containsExactly(false);
  }

  @Test
  void credentialsThatAreTakenNoLongerEndIt() {
    reader.begin();
    reader.checkAccess();
    assertThat(ends).isEmpty();
    mayRead = false;
    reader.checkAccess();
    reader.checkAccess();
    assertThat(ends).containsExactly(false);
    assertThat(disconnected).isOne();
  }
}
