package babelmux.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AcceptTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/html",
        "TEXT/HTML",
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8",
        "text/html;q=0.9, application/json;q=0.8",
        "application/json;q=0.5, text/*",
        "text/html;level=1;q=0.7, */*;q=0.1",
        "*/*;q=0.2, text/html;q=0.3",
        "application/json;q=0, */*",
      })
  void browsersPreferHtml(String accept) {
    assertThat(Accept.prefersHtml(List.of(accept))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "*/*",
        "application/json",
        "text/html, application/json",
        "text/html;q=0.8, application/json;q=0.9",
        "text/html;q=0, */*",
        "text/html;q=0",
        "text/html;q=nan, */*;q=0.1",
        "text/html;q=2, */*;q=0.1",
        "text/html;q=-1",
        "text/*;q=0.5, */*",
        "text/plain",
        "application/*, text/html;q=0.9",
        ",;,;q=1,",
        "texthtml",
      })
  void programsGetJson(String accept) {
    assertThat(Accept.prefersHtml(List.of(accept))).isFalse();
  }

  @Test
  void noHeaderMeansEverything() {
    assertThat(Accept.prefersHtml(List.of())).isFalse();
  }

  @Test
  void severalHeadersAreOneList() {
    assertThat(Accept.prefersHtml(List.of("*/*;q=0.1", "text/html"))).isTrue();
  }

  @Test
  void aHeaderWithoutEndIsNotRead() {
    assertThat(Accept.prefersHtml(List.of("text/html," + "a/b,".repeat(2000)))).isFalse();
  }
}
