package babelmux.stsecho.socketio;

import com.corundumstudio.socketio.SocketIOChannelInitializer;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a connection on what nobody before it handled, such as a message that is too long. */
@Sharable
final class LastResort extends ChannelInboundHandlerAdapter {
  private static final Logger log = LoggerFactory.getLogger(LastResort.class);

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    log.debug("connection of {} ended: {}", context.channel().remoteAddress(), cause.toString());
    if (cause instanceof TooLongFrameException
        && context.pipeline().get(SocketIOChannelInitializer.WEB_SOCKET_AGGREGATOR) != null) {
      context
          .channel()
          .writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.MESSAGE_TOO_BIG))
          .addListener(ChannelFutureListener.CLOSE);
      return;
    }
    context.close();
  }
}
