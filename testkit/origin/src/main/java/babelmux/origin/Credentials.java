package babelmux.origin;

/** Who may do something; the password never prints. */
public record Credentials(String user, String password) {
  boolean accept(String givenUser, String givenPassword) {
    return user.equals(givenUser) && password.equals(givenPassword);
  }

  @Override
  public String toString() {
    return "Credentials[user=" + user + ", password=***]";
  }
}
