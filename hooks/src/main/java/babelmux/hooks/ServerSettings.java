package babelmux.hooks;

import java.util.List;

/**
 * The part of the answer to {@code GET /v3/config/global/get} that says who may do what. No
 * password.
 *
 * @param authMethod {@code internal}, {@code http} or {@code jwt}
 * @param apiAddress where the Control API listens, such as {@code :9997} or {@code 127.0.0.1:9997}
 * @param users of {@code authInternalUsers}
 */
public record ServerSettings(String authMethod, String apiAddress, List<User> users) {
  public ServerSettings {
    users = List.copyOf(users);
  }

  /**
   * One entry of {@code authInternalUsers}.
   *
   * @param isAnybody whether neither a name nor a password is asked for
   * @param ips addresses and ranges that it is for; empty for all
   * @param actions what it may do, such as {@code api}
   */
  public record User(boolean isAnybody, List<String> ips, List<String> actions) {
    public User {
      ips = List.copyOf(ips);
      actions = List.copyOf(actions);
    }
  }
}
