package babelmux.worker.api;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** Compares secrets. Stateless. */
final class Digests {

  private Digests() {}

  /** Takes the same time for every text, whatever it has in common with the secret. */
  static boolean isSame(String given, String secret) {
    return MessageDigest.isEqual(sha256(given), sha256(secret));
  }

  static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
