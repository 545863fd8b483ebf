package babelmux.hooks;

/**
 * A request's body is not what the route expects. The message names the field, the value and what
 * was expected; it is safe to show.
 */
public final class InvalidBody extends RuntimeException {

  private static final long serialVersionUID = 1;

  public InvalidBody(String detail) {
    // Thrown at a sender's will: a stack trace would cost time and say nothing.
    super(detail, null, false, false);
  }

  public String detail() {
    return String.valueOf(getMessage());
  }
}
