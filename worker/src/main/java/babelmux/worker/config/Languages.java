package babelmux.worker.config;

import java.util.List;

/**
 * From which language into which.
 *
 * @param source language of the source, 2 to 10 characters such as {@code en} or {@code pt-BR}
 * @param target language of the dub
 */
public record Languages(String source, String target) {

  private static final String PATTERN = "(?=.{2,10}$)[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*";
  private static final String EXPECTED =
      "a language tag of 2 to 10 characters, such as en or pt-BR";

  static final Setting<String> SOURCE =
      Setting.of(
              "source-language",
              Parsers.matching(EXPECTED, PATTERN),
              "en",
              "Language that is spoken in the source.")
          .env("WORKER_SOURCE_LANGUAGE", "WORKER_SOURCE_LANG");

  static final Setting<String> TARGET =
      Setting.of(
              "target-language", Parsers.matching(EXPECTED, PATTERN), "es", "Language of the dub.")
          .env("WORKER_TARGET_LANGUAGE", "WORKER_TARGET_LANG");

  static final List<Setting<?>> SETTINGS = List.of(SOURCE, TARGET);

  static Languages from(Values values) {
    return new Languages(values.get(SOURCE), values.get(TARGET));
  }
}
