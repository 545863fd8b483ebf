package babelmux.origin;

import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list, with MediaMTX's rules and words.
 *
 * @param pageCount of the whole list, 0 when it is empty
 */
record Page<T>(List<T> items, int pageCount) {
  private static final BigInteger MAX = BigInteger.valueOf(Integer.MAX_VALUE);

  /**
   * @throws IllegalArgumentException with the text for the caller
   */
  static <T> Page<T> of(List<T> all, @Nullable String itemsPerPage, @Nullable String page) {
    int size = number(itemsPerPage, 100);
    if (size == 0) {
      throw new IllegalArgumentException("invalid items per page");
    }
    int index = number(page, 0);
    int from = (int) Math.min((long) index * size, all.size());
    int to = (int) Math.min((long) (index + 1) * size, all.size());
    return new Page<>(all.subList(from, to), (all.size() + size - 1) / size);
  }

  private static int number(@Nullable String text, int absent) {
    if (text == null || text.isEmpty()) {
      return absent;
    }
    String quoted = "strconv.ParseUint: parsing \"" + text + "\": ";
    if (!text.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw new IllegalArgumentException(quoted + "invalid syntax");
    }
    BigInteger value = new BigInteger(text);
    if (value.compareTo(MAX) > 0) {
      throw new IllegalArgumentException(quoted + "value out of range");
    }
    return value.intValue();
  }
}
