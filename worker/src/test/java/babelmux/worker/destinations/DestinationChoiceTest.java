package babelmux.worker.destinations;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DestinationChoiceTest {
  private static final List<String> CONFIGURED = List.of("youtube", "archive", "back");

  private static DestinationChoice of(String query) {
    return DestinationChoice.of(query, CONFIGURED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | youtube,archive,back",
        "lang=es | youtube,archive,back",
        "to=youtube | youtube",
        "to=back,youtube | youtube,back",
        "lang=es&to=archive&pass=x | archive",
        "to=youtube&to=back | youtube,back",
        "to=youtube%2Cback | youtube,back",
        "to= youtube , back | youtube,back",
        "to= | ''",
        "to | ''",
        "auto=youtube | youtube,archive,back",
        "to=%zz | ''"
      })
  void aPublisherGetsWhatItNamesAndAllWithoutAWord(String query, String names) {
    assertThat(String.join(",", of(query).names())).isEqualTo(names);
  }

  @Test
  void whatNoSettingHasIsToldAndSentNowhere() {
    DestinationChoice choice = of("to=youtube,rtmp://evil.example/a/b,file:///etc/x,");
    assertThat(choice.names()).containsExactly("youtube");
    assertThat(choice.unknown()).containsExactly("rtmp://evil.example/a/b", "file:///etc/x");
  }
}
