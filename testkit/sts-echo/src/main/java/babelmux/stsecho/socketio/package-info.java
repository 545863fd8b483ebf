/** Socket.IO over Netty, and HTTP beside it on the same port; knows nothing of speech. */
@NullMarked
package babelmux.stsecho.socketio;

import org.jspecify.annotations.NullMarked;
