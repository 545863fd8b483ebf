package babelmux.worker.sts.wire;

/** Message of a worker. Property names go out in snake case. */
public sealed interface ClientMessage {

  /** The Socket.IO event's name. */
  String event();

  /** Begins a session, or replaces the one of this connection. */
  record StreamInit(
      String streamId, String workerId, StreamInitConfig config, int maxInflight, int timeoutMs)
      implements ClientMessage {
    @Override
    public String event() {
      return "stream:init";
    }
  }

  /** A segment's sound. */
  record FragmentData(
      String fragmentId,
      String streamId,
      int sequenceNumber,
      long timestamp,
      Audio audio,
      Metadata metadata)
      implements ClientMessage {

    /** All that is not the sound itself, rounded up: names, numbers, ids, packet header. */
    private static final int ENVELOPE_BYTES = 1_024;

    @Override
    public String event() {
      return "fragment:data";
    }

    /** An upper bound of the length of the message that carries this much sound. */
    public static long wireBytes(int audioBytes) {
      return (audioBytes + 2L) / 3 * 4 + ENVELOPE_BYTES;
    }
  }

  /** Jackson writes the bytes as standard base64 with padding. */
  @SuppressWarnings("ArrayRecordComponent") // handed through, never compared
  record Audio(String format, int sampleRateHz, int channels, int durationMs, byte[] dataBase64) {}

  /** Position of the fragment in its source. */
  record Metadata(long ptsNs) {}

  /** Confirms one answer. */
  record FragmentAck(String fragmentId, String status, long timestamp) implements ClientMessage {
    @Override
    public String event() {
      return "fragment:ack";
    }
  }

  /** Ends a pause that the service believes in. */
  record StreamResume(String streamId) implements ClientMessage {
    @Override
    public String event() {
      return "stream:resume";
    }
  }

  /** Ends the session. */
  record StreamEnd(String streamId, String reason) implements ClientMessage {
    @Override
    public String event() {
      return "stream:end";
    }
  }
}
