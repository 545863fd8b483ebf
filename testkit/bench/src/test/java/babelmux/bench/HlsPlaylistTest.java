package babelmux.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.junit.jupiter.api.Test;

class HlsPlaylistTest {
  private static final URI MAIN = URI.create("http://host:8888/live/a/out/index.m3u8?session=1");

  @Test
  void variantsAndRenditionsOfAMainPlaylistAreFoundBesideIt() {
    String text =
        """
        #EXTM3U
        #EXT-X-MEDIA:TYPE="AUDIO",GROUP-ID="audio",NAME="a",DEFAULT=YES,URI="audio2_stream.m3u8"

        #EXT-X-STREAM-INF:BANDWIDTH=2300000,AUDIO="audio"
        video1_stream.m3u8?session=1
        """;
    assertThat(HlsPlaylist.addresses(MAIN, text))
        .containsExactly(URI.create("http://host:8888/live/a/out/video1_stream.m3u8?session=1"));
    assertThat(HlsPlaylist.renditions(MAIN, text))
        .containsExactly(URI.create("http://host:8888/live/a/out/audio2_stream.m3u8"));
  }

  @Test
  void partsOfLowLatencyAreNoSegments() {
    String text =
        """
        #EXTM3U
        #EXT-X-MAP:URI="init.mp4"
        #EXTINF:2.00000,
        seg7.mp4
        #EXT-X-PART:DURATION=0.2,URI="part31.mp4"
        #EXT-X-PRELOAD-HINT:TYPE=PART,URI="part32.mp4"
        """;
    assertThat(HlsPlaylist.addresses(MAIN, text))
        .containsExactly(URI.create("http://host:8888/live/a/out/seg7.mp4"));
    assertThat(HlsPlaylist.renditions(MAIN, text)).isEmpty();
  }
}
