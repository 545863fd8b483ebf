package babelmux.meter;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.bytedeco.javacpp.BytePointer;

/** Native memory as byte arrays, and their hashes. */
final class Bytes {
  private Bytes() {}

  static byte[] copy(BytePointer data, int size) {
    byte[] bytes = new byte[size];
    if (size > 0) {
      data.get(bytes);
    }
    return bytes;
  }

  static String sha256(byte[] data, int from, int length) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(data, from, length);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
