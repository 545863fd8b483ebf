package babelmux.stsecho.drill;

/**
 * A message that a fault may strike.
 *
 * @param stage what kind of message
 * @param stream stream id; empty when the client does not tell it at the handshake
 * @param session how many sessions of that stream came before (at the handshake: connections)
 * @param fragment sequence number; 0 outside of fragments
 * @param attempt how often the session has refused this number before; 0 outside of fragments
 * @param elapsedMs since the plan was put in force
 */
public record FaultContext(
    Stage stage, String stream, int session, int fragment, int attempt, long elapsedMs) {}
