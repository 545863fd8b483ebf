package babelmux.stsecho.drill;

import babelmux.stsecho.socketio.Admission;
import babelmux.stsecho.socketio.WireFault;
import babelmux.stsecho.voice.AudioMode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** One kind of trouble, with its measure. */
public sealed interface Fault {

  /** The word after {@code do} in a script. */
  String word();

  /**
   * The answer comes later.
   *
   * @param jitterMs up to so much more, drawn for each message
   */
  record Delay(int ms, int jitterMs) implements Fault {
    @Override
    public String word() {
      return "delay";
    }
  }

  /** The answer comes that long after the client's own limit. */
  record Late(int ms) implements Fault {
    @Override
    public String word() {
      return "late";
    }
  }

  /** No answer: no stream:ready, fragment:processed or stream:complete. */
  record Drop() implements Fault {
    @Override
    public String word() {
      return "drop";
    }
  }

  /** No fragment:ack. */
  record NoAck() implements Fault {
    @Override
    public String word() {
      return "no_ack";
    }
  }

  /** The answer comes so many times. */
  record Duplicate(int times) implements Fault {
    @Override
    public String word() {
      return "duplicate";
    }
  }

  /** The answer waits until so many later ones have been sent. */
  record Reorder(int by) implements Fault {
    @Override
    public String word() {
      return "reorder";
    }
  }

  /**
   * An error event in place of everything else: a refusal.
   *
   * @param ids whether stream and fragment are named
   * @param full whether it has the shape of the full server: no severity, no ids
   */
  record ErrorEvent(
      String code, String message, String severity, boolean retryable, boolean ids, boolean full)
      implements Fault {
    @Override
    public String word() {
      return "error";
    }
  }

  /** A fragment:processed that says failed. */
  record Fail(String code, String message, @Nullable String stage, boolean retryable)
      implements Fault {
    @Override
    public String word() {
      return "fail";
    }
  }

  /** Fields laid over the answer; JSON null stays null, objects are merged. */
  record Patch(ObjectNode fields) implements Fault {
    @Override
    public String word() {
      return "patch";
    }
  }

  /**
   * The dub comes in another form.
   *
   * @param bytes length of the base64 text, for the oversize mode
   */
  record Audio(AudioMode mode, int bytes) implements Fault {
    @Override
    public String word() {
      return "audio";
    }
  }

  /** When a connection ends, seen from the message that it hits. */
  enum Point {
    /** Before anything is said. */
    BEFORE_ACK,
    /** After the fragment:ack. */
    AFTER_ACK,
    /** In the middle of the answer. */
    MID_ANSWER,
    /** Right after the answer. */
    AFTER_ANSWER
  }

  /**
   * The connection ends.
   *
   * @param reset with a TCP reset instead of a closing handshake
   */
  record Disconnect(Point at, boolean reset) implements Fault {
    @Override
    public String word() {
      return "disconnect";
    }
  }

  /**
   * A backpressure event.
   *
   * @param delayMs null for none
   * @param releaseAfterMs when low/none follows; negative for never
   * @param full whether it has the shape of the full server
   */
  record Backpressure(
      String severity, String action, @Nullable Integer delayMs, int releaseAfterMs, boolean full)
      implements Fault {
    @Override
    public String word() {
      return "backpressure";
    }
  }

  /** Any event with any payload, in addition to all else. */
  record Emit(String event, ObjectNode payload, int afterMs) implements Fault {
    @Override
    public String word() {
      return "emit";
    }
  }

  /** stream:complete at once, with work in flight. */
  record Early() implements Fault {
    @Override
    public String word() {
      return "early";
    }
  }

  /** From this init on, the payloads have the shape of the other server. */
  record Shape(boolean full) implements Fault {
    @Override
    public String word() {
      return "shape";
    }
  }

  /** The handshake is not answered as it should be; null lets it in and refuses the namespace. */
  record Refuse(@Nullable Admission how) implements Fault {
    @Override
    public String word() {
      return "refuse";
    }
  }

  /** Trouble below the protocol, from this message on. */
  record Wire(String word, WireFault fault) implements Fault {}
}
