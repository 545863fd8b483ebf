package babelmux.worker.session;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.media.Natives;
import babelmux.worker.sound.SoundOptions;
import babelmux.worker.sts.StsLink;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("slow")
class SessionTest {
  private static final Path FILM = Path.of("..", "fixtures", "30s-counting-english.mp4");

  private static final SessionOptions SHORT =
      new SessionOptions(
          Duration.ofSeconds(2),
          Duration.ofSeconds(6),
          Duration.ZERO,
          Duration.ofSeconds(5),
          SessionOptions.LIVE_START);

  /** Runs a session to its end; why it failed, or null. */
  private static @Nullable SessionFailure run(
      Function<SoundShape, @Nullable StsLink> link,
      SessionListener listener,
      DubListener dubListener,
      Session.ThreadMaker threads)
      throws Exception {
    List<@Nullable SessionFailure> failures = new CopyOnWriteArrayList<>();
    SessionListener ending =
        (SessionListener)
            Proxy.newProxyInstance(
                SessionListener.class.getClassLoader(),
                new Class<?>[] {SessionListener.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("ended")) {
                    failures.add((SessionFailure) arguments[0]);
                    return null;
                  }
                  try {
                    return method.invoke(listener, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    Session session =
        new Session(
            "broken",
            SourceLocator.at(FILM.toString()),
            List.of(),
            SHORT,
            Runnable::run,
            List.of(new DubSpec("es", SoundOptions.DEFAULT, 128_000, true, link, dubListener)),
            new Bypass(SessionOptions.LIVE_START, false, InstantSource.system()),
            ending,
            threads);
    session.start();
    session.over().get(60, TimeUnit.SECONDS);
    assertThat(Natives.live()).isZero();
    assertThat(failures).hasSize(1);
    return failures.get(0);
  }

  private static void failed(@Nullable SessionFailure reason, String message) {
    assertThat(Objects.requireNonNull(reason).ofSource()).isFalse();
    assertThat(reason.message()).contains(message);
  }

  @Test
  @Timeout(90)
  void aFailureOfTheReaderIsTheReasonAndLeavesNothingOpen() throws Exception {
    Function<SoundShape, @Nullable StsLink> noLink =
        shape -> {
          throw new IllegalStateException("no link today");
        };
    failed(
        run(noLink, new SessionListener() {}, new DubListener() {}, Thread::new), "no link today");
  }

  @Test
  @Timeout(90)
  void anErrorOfTheReaderIsTheReason() throws Exception {
    Function<SoundShape, @Nullable StsLink> noLink =
        shape -> {
          throw new NoClassDefFoundError("no/such/Link");
        };
    failed(
        run(noLink, new SessionListener() {}, new DubListener() {}, Thread::new),
        "java.lang.NoClassDefFoundError: no/such/Link");
  }

  @Test
  @Timeout(90)
  void anErrorWhileTheLastSegmentIsCutStillEndsTheSession() throws Exception {
    EchoLink link = EchoLink.echoing();
    DubListener broken =
        new DubListener() {
          @Override
          public void cut(long index, boolean sent) {
            throw new AssertionError("broken cut");
          }
        };
    failed(run(shape -> link, new SessionListener() {}, broken, Thread::new), "broken cut");
  }

  @Test
  @Timeout(90)
  void anErrorOfTheOutputThreadIsTheReason() throws Exception {
    SessionListener broken =
        new SessionListener() {
          @Override
          public void live() {
            throw new AssertionError("broken output");
          }
        };
    failed(run(shape -> null, broken, new DubListener() {}, Thread::new), "broken output");
  }

  @Test
  @Timeout(90)
  void anErrorOfTheListenerDoesNotKeepTheSession() throws Exception {
    SessionListener broken =
        new SessionListener() {
          @Override
          public void draining() {
            throw new AssertionError("broken listener");
          }
        };
    failed(run(shape -> null, broken, new DubListener() {}, Thread::new), "broken listener");
  }

  @ParameterizedTest
  @ValueSource(strings = {"reader", "release"})
  @Timeout(90)
  void aSessionWhoseThreadCannotBeCreatedFailsAtOnce(String which) throws Exception {
    Session.ThreadMaker threads =
        (task, name) ->
            !name.startsWith(which)
                ? new Thread(task, name)
                : new Thread(task, name) {
                  @Override
                  public synchronized void start() {
                    throw new OutOfMemoryError("unable to create native thread");
                  }
                };
    long sinceNanos = System.nanoTime();
    failed(
        run(shape -> null, new SessionListener() {}, new DubListener() {}, threads),
        "could not create thread");
    assertThat(Duration.ofNanos(System.nanoTime() - sinceNanos)).isLessThan(Duration.ofSeconds(10));
  }

  /**
   * Why a session failed whose source is not there, and which somebody ends; null if it did not.
   */
  private static @Nullable SessionFailure endWithoutSource(Consumer<Session> end) throws Exception {
    CountDownLatch lost = new CountDownLatch(1);
    CompletableFuture<Optional<SessionFailure>> ended = new CompletableFuture<>();
    Session session =
        new Session(
            "unread",
            SourceLocator.at("rtmp://127.0.0.1:1/live/unread/in"),
            List.of(),
            new SessionOptions(
                Duration.ofSeconds(2),
                Duration.ofSeconds(6),
                Duration.ofSeconds(3),
                Duration.ofSeconds(5),
                SessionOptions.LIVE_START),
            Runnable::run,
            List.of(
                new DubSpec(
                    "es",
                    SoundOptions.DEFAULT,
                    128_000,
                    true,
                    shape -> null,
                    new DubListener() {})),
            new SessionListener() {
              @Override
              public void sourceLost(String reason) {
                lost.countDown();
              }

              @Override
              public void ended(@Nullable SessionFailure reason) {
                ended.complete(Optional.ofNullable(reason));
              }
            });
    session.start();
    assertThat(lost.await(20, TimeUnit.SECONDS)).isTrue();
    end.accept(session);
    return ended.get(20, TimeUnit.SECONDS).orElse(null);
  }

  @Test
  @Timeout(90)
  void aSessionThatIsEndedBeforeItsSourceCouldBeReadHasNotFailed() throws Exception {
    assertThat(endWithoutSource(Session::drain)).isNull();
    assertThat(endWithoutSource(Session::stop)).isNull();
    SessionFailure evicted = new SessionFailure(true, "evicted");
    assertThat(endWithoutSource(session -> session.fail(evicted))).isEqualTo(evicted);
    assertThat(Objects.requireNonNull(endWithoutSource(session -> {})).message())
        .as("nobody asked: its time is over")
        .contains("cannot open rtmp://127.0.0.1:1");
  }

  @Test
  void theLineHoldsFiftyMegabitsASecondForTheDelayAndNeverLessThanBefore() {
    assertThat(Session.maxLineBytes(16_500_000)).isEqualTo(512L << 20);
    assertThat(Session.maxLineBytes(602_000_000)).isEqualTo(602L * 50_000_000 / 8);
  }
}
