package babelmux.stsecho.socketio;

import com.corundumstudio.socketio.SocketIOClient;
import com.corundumstudio.socketio.listener.ExceptionListenerAdapter;
import io.netty.channel.ChannelHandlerContext;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the connection of a client whose message could not be read; logs the reason only. */
final class QuietFailures extends ExceptionListenerAdapter {
  private static final Logger log = LoggerFactory.getLogger(QuietFailures.class);

  @Override
  public void onEventException(Exception e, List<Object> args, SocketIOClient client) {
    log.error("client {}: event not handled", client.getSessionId(), e);
  }

  @Override
  public void onAuthException(Throwable e, SocketIOClient client) {
    log.error("client {}: auth not handled", client.getSessionId(), e);
  }

  @Override
  public boolean exceptionCaught(ChannelHandlerContext context, Throwable e) {
    log.debug("connection of {} ended: {}", context.channel().remoteAddress(), e.toString());
    context.close();
    return true;
  }
}
