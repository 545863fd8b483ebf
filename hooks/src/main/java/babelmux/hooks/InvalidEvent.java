package babelmux.hooks;

/**
 * A hook's request that is no event. The message names the field, the value and what was expected;
 * it is safe to show.
 */
final class InvalidEvent extends RuntimeException {

  private static final long serialVersionUID = 1;

  InvalidEvent(String detail) {
    // Thrown at a sender's will: a stack trace would cost time and say nothing.
    super(detail, null, false, false);
  }

  String detail() {
    return String.valueOf(getMessage());
  }
}
