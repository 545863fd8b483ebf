package babelmux.stsecho.socketio;

import java.time.Duration;

/**
 * Options by which a {@link SocketIoServer} listens.
 *
 * @param host address to bind
 * @param port TCP port; 0 takes a free one
 * @param path Socket.IO path without a trailing slash, such as {@code /socket.io}
 * @param pingInterval time between two Engine.IO pings
 * @param pingTimeout how long the client may take to answer one
 * @param maxFrameBytes longest WebSocket message received; a longer one closes the connection
 * @param maxHttpBytes longest HTTP body received (polling and drill requests)
 */
public record SocketIoOptions(
    String host,
    int port,
    String path,
    Duration pingInterval,
    Duration pingTimeout,
    int maxFrameBytes,
    int maxHttpBytes) {}
