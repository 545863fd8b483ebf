package babelmux.stsecho.socketio;

import com.fasterxml.jackson.databind.JsonNode;

/** The answer to an {@link HttpCall}: a status and a JSON body. */
public record HttpReply(int status, JsonNode body) {}
