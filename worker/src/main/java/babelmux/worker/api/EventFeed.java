package babelmux.worker.api;

import babelmux.hooks.LogThrottle;
import io.vertx.core.AsyncResult;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The readers of {@code GET /v1/events}: has the events made on a thread of its own, once for all
 * of them, and gives them to each. Without a reader it has no timer and does nothing. Its state is
 * one event loop's. Whoever makes it closes it, which ends all readers.
 */
final class EventFeed implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(EventFeed.class);

  /** Clients that read at the same time. */
  static final int MAX_READERS = 64;

  private static final int RETRY_SECONDS = 10;
  private static final int MAX_ID_LENGTH = 100;

  /**
   * When what is sent.
   *
   * @param tick each stream's state
   * @param soon how long after a journal event it and its stream are sent, together with what comes
   *     meanwhile
   * @param workerTicks ticks from one state of the worker to the next
   * @param keepTicks ticks from one comment to the next; credentials are looked at as often
   * @param stall how long nothing of what was written may be sent
   */
  record Pace(Duration tick, Duration soon, int workerTicks, int keepTicks, Duration stall) {

    static final Pace LIVE =
        new Pace(Duration.ofSeconds(1), Duration.ofMillis(100), 2, 15, Duration.ofSeconds(10));
  }

  private final Vertx vertx;
  private final Context context;
  private final WorkerExecutor pool;
  private final EventParts parts;
  private final EventMaker maker;
  private final Pace pace;
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicBoolean told = new AtomicBoolean();
  private final Runnable watcher = this::journaled;
  private final LogThrottle throttle = new LogThrottle(System::nanoTime);
  private volatile boolean closed;
  // All of these belong to the event loop of the context.
  private final Set<EventReader> coming = new LinkedHashSet<>();
  private final Set<EventReader> readers = new HashSet<>();
  private long ticker = -1;
  private long ticks;
  private boolean making;
  private boolean wantsAll;
  private boolean wantsWorker;
  private boolean wantsJournal;
  private long sent;

  /**
   * @param pool with one thread; the caller's to close, after this
   */
  EventFeed(Vertx vertx, WorkerExecutor pool, ApiParts parts) {
    this(vertx, pool, parts, Pace.LIVE);
  }

  EventFeed(Vertx vertx, WorkerExecutor pool, ApiParts parts, Pace pace) {
    this.vertx = vertx;
    this.context = vertx.getOrCreateContext();
    this.pool = pool;
    this.parts = parts.events();
    this.maker = new EventMaker(parts);
    this.pace = pace;
  }

  /**
   * Answers a request with events until one of both sides ends that. On the event loop of the
   * request.
   *
   * @param streamId the one stream that is wanted; null for all
   * @param mayRead whether the request's credentials would be taken now; asked again and again, on
   *     the event loop of the request
   * @return the refusal instead
   */
  Optional<Answer> open(
      RoutingContext request, @Nullable String streamId, BooleanSupplier mayRead) {
    if (closed || !takePlace()) {
      return Optional.of(
          Refusals.problem(
                  ProblemType.TOO_MANY_READERS,
                  "%d clients read events already: expected no more".formatted(MAX_READERS))
              .with("Retry-After", Integer.toString(RETRY_SECONDS)));
    }
    HttpServerRequest http = request.request();
    String lastId = http.getHeader("Last-Event-ID");
    EventReader reader =
        new EventReader(
            vertx.getOrCreateContext(),
            request.response(),
            slow -> {
              if (slow) {
                Connections.reset(http.connection());
              } else {
                Connections.disconnect(http.connection());
              }
            },
            streamId,
            lastId == null || lastId.length() <= MAX_ID_LENGTH ? lastId : "",
            mayRead,
            this::ended);
    // In this order: one that has left before it came would stay forever.
    execute(() -> come(reader));
    reader.begin();
    return Optional.empty();
  }

  private boolean takePlace() {
    int before = open.getAndUpdate(readers -> Math.min(readers + 1, MAX_READERS));
    if (before < MAX_READERS) {
      parts.readers().accept(before + 1);
    }
    return before < MAX_READERS;
  }

  /** Looks at once whether all readers may still read. Any thread. */
  void checkAccess() {
    execute(() -> each(EventReader::checkAccess));
  }

  private void execute(Runnable work) {
    context.runOnContext(ignored -> work.run());
  }

  private void each(Consumer<EventReader> work) {
    for (EventReader reader : readers) {
      reader.execute(() -> work.accept(reader));
    }
    for (EventReader reader : coming) {
      reader.execute(() -> work.accept(reader));
    }
  }

  private void come(EventReader reader) {
    coming.add(reader);
    if (closed) {
      reader.execute(reader::end);
      return;
    }
    if (ticker < 0) {
      sent = parts.journal().last();
      ticks = 0;
      ticker = vertx.setPeriodic(pace.tick().toMillis(), id -> tick());
      parts.journal().watch(watcher);
    }
    make();
  }

  /** A reader is over; on its event loop. */
  private void ended(EventReader reader, boolean slow) {
    parts.readers().accept(open.decrementAndGet());
    if (slow) {
      parts.disconnected().run();
      throttle
          .permit()
          .ifPresent(more -> log.info("a reader of events did not read: disconnected{}", more));
    }
    execute(() -> leave(reader));
  }

  private void leave(EventReader reader) {
    coming.remove(reader);
    readers.remove(reader);
    if (ticker >= 0 && coming.isEmpty() && readers.isEmpty()) {
      stop();
    }
  }

  private void stop() {
    vertx.cancelTimer(ticker);
    ticker = -1;
    parts.journal().unwatch(watcher);
    work(() -> {
          maker.forget();
          return true;
        })
        .onFailure(failure -> log.debug("what was sent is kept", failure));
  }

  private <T> Future<T> work(Callable<T> work) {
    try {
      return pool.executeBlocking(work, false);
    } catch (RejectedExecutionException e) {
      // The port is being closed.
      return Future.failedFuture(e);
    }
  }

  private void tick() {
    ticks++;
    wantsAll = true;
    wantsWorker |= ticks % pace.workerTicks() == 0;
    long now = System.nanoTime();
    long limit = pace.stall().toNanos();
    boolean keep = ticks % pace.keepTicks() == 0;
    each(
        reader -> {
          reader.checkProgress(now, limit);
          if (keep) {
            reader.checkAccess();
            reader.keep();
          }
        });
    make();
  }

  /** A stream has a journal event; on its thread. */
  private void journaled() {
    if (!told.getAndSet(true)) {
      execute(
          () ->
              vertx.setTimer(
                  pace.soon().toMillis(),
                  id -> {
                    told.set(false);
                    wantsJournal = true;
                    make();
                  }));
    }
  }

  /** Has made what is wanted, unless that is done already: one batch after another. */
  private void make() {
    boolean wanted = wantsAll || wantsWorker || wantsJournal || !coming.isEmpty();
    if (making || !wanted || ticker < 0 || closed) {
      return;
    }
    List<EventReader> comers = List.copyOf(coming);
    EventMaker.Wish wish =
        new EventMaker.Wish(
            wantsAll, wantsWorker, sent, comers.stream().map(EventReader::lastEventId).toList());
    wantsAll = false;
    wantsWorker = false;
    wantsJournal = false;
    making = true;
    work(() -> maker.make(wish)).onComplete(made -> execute(() -> made(made, comers)));
  }

  private void made(AsyncResult<EventMaker.Batch> made, List<EventReader> comers) {
    making = false;
    if (closed) {
      return;
    }
    if (made.failed()) {
      // Those that come are still there: the next tick tries again.
      throttle
          .permit()
          .ifPresent(more -> log.error("no events could be made{}", more, made.cause()));
      return;
    }
    EventMaker.Batch batch = made.result();
    sent = Math.max(sent, batch.upTo());
    for (EventReader reader : List.copyOf(readers)) {
      reader.execute(() -> reader.next(batch));
    }
    List<EventReader> joined = new ArrayList<>();
    for (int i = 0; i < comers.size(); i++) {
      EventReader reader = comers.get(i);
      EventMaker.Missed missed = batch.missed().get(i);
      if (coming.remove(reader)) {
        joined.add(reader);
        reader.execute(() -> reader.join(batch, missed));
      }
    }
    readers.addAll(joined);
    make();
  }

  /** Ends all readers; later ones are refused. Any thread. */
  @Override
  public void close() {
    closed = true;
    execute(() -> each(EventReader::end));
  }
}
