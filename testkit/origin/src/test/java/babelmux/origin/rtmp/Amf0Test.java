package babelmux.origin.rtmp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class Amf0Test {
  @Test
  void valuesComeBackAsTheyWent() throws RtmpProtocolException {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    object.put("app", "live/ü");
    object.put("list", List.of(1.0, "two", true));
    object.put("nothing", null);
    byte[] bytes = Amf0.encode("connect", 1.5, null, object);
    List<@Nullable Object> values = Amf0.decode(bytes);
    assertThat(values).hasSize(4);
    assertThat(values.get(0)).isEqualTo("connect");
    assertThat(values.get(1)).isEqualTo(1.5);
    assertThat(values.get(2)).isNull();
    assertThat(values.get(3)).isEqualTo(object);
    assertThat(Amf0.decode(Amf0.afterFirstValue(bytes))).isEqualTo(values.subList(1, 4));
  }

  @Test
  void datesLongTextsAndEcmaArraysAreRead() throws RtmpProtocolException {
    byte[] date = {11, 0x40, 0x59, 0, 0, 0, 0, 0, 0, 0, 0};
    byte[] text = {12, 0, 0, 0, 2, 'h', 'i'};
    byte[] array = {8, 0, 0, 0, 9, 0, 1, 'a', 1, 1, 0, 0, 9};
    assertThat(Amf0.decode(date)).containsExactly(100.0);
    assertThat(Amf0.decode(text)).containsExactly("hi");
    assertThat(Amf0.decode(array)).containsExactly(Map.of("a", true));
  }

  @Test
  void whatEndsEarlyOrNestsTooDeepIsRefused() {
    assertThatThrownBy(() -> Amf0.decode(new byte[] {2, 0, 10, 'a'}))
        .hasMessageContaining("ends early");
    assertThatThrownBy(() -> Amf0.decode(new byte[] {12, -1, -1, -1, -1}))
        .hasMessageContaining("ends early");
    assertThatThrownBy(() -> Amf0.decode(new byte[] {10, 127, -1, -1, -1, 5}))
        .hasMessageContaining("ends early");
    assertThatThrownBy(() -> Amf0.decode(new byte[] {'g'})).hasMessageContaining("marker 103");
    byte[] deep = new byte[5 * 100];
    for (int i = 0; i < deep.length; i += 5) {
      deep[i] = 10;
      deep[i + 4] = 1;
    }
    assertThatThrownBy(() -> Amf0.decode(deep)).hasMessageContaining("nested deeper than 16");
  }
}
