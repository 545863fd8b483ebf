package babelmux.media;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.junit.jupiter.api.Test;

class PacketTest {
  @Test
  void headersThatAnEncoderSendsAgainAreSideData() {
    AVPacket from = avcodec.av_packet_alloc();
    try (AVRational milliseconds = new AVRational()) {
      milliseconds.num(1).den(1000);
      avcodec.av_new_packet(from, 10);
      try (Packet plain = Packet.take(from, TrackKind.AUDIO, milliseconds)) {
        assertThat(plain.hasSideData()).isFalse();
      }
      avcodec.av_new_packet(from, 10);
      avcodec.av_packet_new_side_data(from, avcodec.AV_PKT_DATA_NEW_EXTRADATA, 5);
      try (Packet withHeaders = Packet.take(from, TrackKind.AUDIO, milliseconds);
          Packet other = withHeaders.share()) {
        assertThat(withHeaders.hasSideData()).isTrue();
        assertThat(other.hasSideData()).isTrue();
      }
    } finally {
      avcodec.av_packet_free(from);
    }
  }
}
