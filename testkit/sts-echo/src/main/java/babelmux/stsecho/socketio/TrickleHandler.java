package babelmux.stsecho.socketio;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;

/** Sends bytes a few at a time. Sits at the head of the pipeline, on its event loop. */
final class TrickleHandler extends ChannelOutboundHandlerAdapter {
  private record Waiting(ByteBuf bytes, ChannelPromise promise) {}

  private final WireFault.Trickle pace;
  private final Queue<Waiting> waiting = new ArrayDeque<>();
  private boolean running;

  TrickleHandler(WireFault.Trickle pace) {
    this.pace = pace;
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (!(message instanceof ByteBuf bytes)) {
      context.write(message, promise);
      return;
    }
    waiting.add(new Waiting(bytes, promise));
    if (!running) {
      running = true;
      drip(context);
    }
  }

  private void drip(ChannelHandlerContext context) {
    Waiting head = waiting.peek();
    if (head == null || !context.channel().isActive()) {
      running = false;
      releaseAll();
      return;
    }
    int size = Math.min(pace.bytes(), head.bytes().readableBytes());
    ByteBuf piece = head.bytes().readRetainedSlice(size);
    if (head.bytes().isReadable()) {
      context.writeAndFlush(piece);
    } else {
      waiting.remove();
      head.bytes().release();
      context.writeAndFlush(piece, head.promise());
    }
    if (pace.pause().isZero()) {
      context.executor().execute(() -> drip(context));
    } else {
      context
          .executor()
          .schedule(() -> drip(context), pace.pause().toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    releaseAll();
  }

  private void releaseAll() {
    for (Waiting left = waiting.poll(); left != null; left = waiting.poll()) {
      ReferenceCountUtil.release(left.bytes());
    }
  }
}
