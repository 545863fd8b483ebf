package babelmux.stsecho.socketio;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.util.ReferenceCountUtil;

/** Commits {@link WireFault}s on the WebSocket frames of one connection. */
final class WireFaultHandler extends ChannelDuplexHandler {
  private boolean pingsStalled;
  private boolean hanging;
  private boolean cutNext;

  // Both ends time a lost ping by the same numbers. The client is the one that is to notice, so the
  // server is kept content: for good while it still reads, one interval longer when it does not.
  private int pongsToPretend;

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof WireFault.StallPings) {
      pingsStalled = true;
      pongsToPretend = Integer.MAX_VALUE;
    } else if (event instanceof WireFault.Hang) {
      hanging = true;
      pongsToPretend = 1;
      context.channel().config().setAutoRead(false);
    } else if (event instanceof WireFault.CutNext) {
      cutNext = true;
    } else if (event instanceof WireFault.Reset) {
      reset(context);
    } else if (event instanceof WireFault.Trickle trickle) {
      context.pipeline().addFirst(new TrickleHandler(trickle));
    } else {
      context.fireUserEventTriggered(event);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (hanging) {
      ReferenceCountUtil.release(message);
      return;
    }
    context.fireChannelRead(message);
  }

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    if (hanging || (pingsStalled && isPing(message))) {
      if (isPing(message) && pongsToPretend > 0) {
        pongsToPretend--;
        context.fireChannelRead(new TextWebSocketFrame("3"));
      }
      // The promise stays open on purpose: whoever waits for it must wait as for a dead network.
      ReferenceCountUtil.release(message);
      return;
    }
    if (cutNext && message instanceof TextWebSocketFrame frame && !isPing(message)) {
      ByteBuf half = frame.content().readRetainedSlice(frame.content().readableBytes() / 2);
      frame.release();
      context
          .writeAndFlush(new TextWebSocketFrame(false, 0, half), promise)
          .addListener(done -> context.close());
      return;
    }
    context.write(message, promise);
  }

  private static boolean isPing(Object message) {
    return message instanceof TextWebSocketFrame frame
        && frame.content().readableBytes() == 1
        && frame.content().getByte(frame.content().readerIndex()) == '2';
  }

  static void reset(ChannelHandlerContext context) {
    context.channel().config().setOption(ChannelOption.SO_LINGER, 0);
    context.channel().close();
  }
}
