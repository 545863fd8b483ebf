package babelmux.stsecho.voice;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The voices by the names that users type. */
public enum VoiceKind {
  /** The same bytes. */
  ECHO("echo"),
  /** A sine keyed to the sequence number. */
  TONE("tone"),
  /** The fixture's beeps, with Spanish numbers. */
  COUNTING_ES("counting-es");

  private final String label;

  VoiceKind(String label) {
    this.label = label;
  }

  /** The name on the command line. */
  public String label() {
    return label;
  }

  /** A voice for one session. */
  public Voice forSession() {
    return switch (this) {
      case ECHO -> new EchoVoice();
      case TONE -> new ToneVoice();
      case COUNTING_ES -> new CountingVoice();
    };
  }

  /**
   * @throws IllegalArgumentException for an unknown name; lists the known ones
   */
  public static VoiceKind of(String label) {
    return Arrays.stream(values())
        .filter(kind -> kind.label.equals(label))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "voice: '%s', expected one of %s"
                        .formatted(
                            label,
                            Arrays.stream(values())
                                .map(VoiceKind::label)
                                .collect(Collectors.joining(", ")))));
  }
}
