package babelmux.stsecho.drill;

import java.util.Locale;

/** Stage of a session at which a fault strikes. */
public enum Stage {
  /** The handshake; the stream is known by its X-Stream-ID header. */
  CONNECT,
  /** A stream:init. */
  INIT,
  /** A fragment:data. */
  FRAGMENT,
  /** A stream:end. */
  END;

  /** The name in a script. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
