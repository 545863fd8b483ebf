package babelmux.hooks;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * A response body of at most so many bytes. A longer one fails the exchange at once, or is cut
 * there.
 */
final class BoundedBody implements HttpResponse.BodySubscriber<byte[]> {

  private final int limitBytes;
  private final boolean cut;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CompletableFuture<byte[]> done = new CompletableFuture<>();
  private Flow.@Nullable Subscription subscription;

  BoundedBody(int limitBytes) {
    this(limitBytes, false);
  }

  private BoundedBody(int limitBytes, boolean cut) {
    this.limitBytes = limitBytes;
    this.cut = cut;
  }

  /** The first bytes of a body; the rest is not read. */
  static BoundedBody beginning(int bytes) {
    return new BoundedBody(bytes, true);
  }

  @Override
  public CompletionStage<byte[]> getBody() {
    return done;
  }

  @Override
  public void onSubscribe(Flow.Subscription subscription) {
    this.subscription = subscription;
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public void onNext(List<ByteBuffer> parts) {
    for (ByteBuffer part : parts) {
      if (bytes.size() + part.remaining() > limitBytes) {
        if (subscription != null) {
          subscription.cancel();
        }
        if (cut) {
          byte[] rest = new byte[limitBytes - bytes.size()];
          part.get(rest);
          bytes.writeBytes(rest);
          done.complete(bytes.toByteArray());
        } else {
          done.completeExceptionally(
              new IOException("answer larger than %d bytes".formatted(limitBytes)));
        }
        return;
      }
      byte[] copy = new byte[part.remaining()];
      part.get(copy);
      bytes.writeBytes(copy);
    }
  }

  @Override
  public void onError(Throwable error) {
    done.completeExceptionally(error);
  }

  @Override
  public void onComplete() {
    done.complete(bytes.toByteArray());
  }
}
