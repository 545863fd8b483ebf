package babelmux.worker.config;

/**
 * A value as somebody wrote it.
 *
 * @param text the value, not yet read
 * @param layer which kind of place it stands in
 * @param where the place in words, such as {@code --port}, {@code PORT} or {@code file.yml line 3}
 */
record Given(String text, Layer layer, String where) {}
