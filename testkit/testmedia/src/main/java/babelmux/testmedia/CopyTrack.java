package babelmux.testmedia;

import babelmux.media.MediaException;
import java.io.IOException;
import org.bytedeco.ffmpeg.avcodec.AVBSFContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.jspecify.annotations.Nullable;

/** A track of an output whose packets leave as they come, through a bitstream filter if asked. */
final class CopyTrack implements Feed.PacketTarget, OutputTrack {
  private final Output output;
  private final int index;
  private final long limitUs;
  private final AVBSFContext filter = new AVBSFContext(null);
  private final AVPacket copy = avcodec.av_packet_alloc();
  private boolean begun;
  private boolean done;

  CopyTrack(Output output, AVStream source, @Nullable String bitstreamFilter, double limitSeconds)
      throws IOException {
    this.output = output;
    limitUs = Double.isFinite(limitSeconds) ? Math.round(limitSeconds * 1e6) : Long.MAX_VALUE;
    AVStream stream = output.addStream();
    index = stream.index();
    stream.avg_frame_rate(source.avg_frame_rate());
    stream.sample_aspect_ratio(source.sample_aspect_ratio());
    MediaException.check(
        avcodec.av_bsf_list_parse_str(bitstreamFilter == null ? "null" : bitstreamFilter, filter),
        "bitstream filter " + bitstreamFilter);
    avcodec.avcodec_parameters_copy(filter.par_in(), source.codecpar());
    filter.time_base_in(source.time_base());
    MediaException.check(avcodec.av_bsf_init(filter), "bitstream filter " + bitstreamFilter);
    avcodec.avcodec_parameters_copy(stream.codecpar(), filter.par_out());
    stream.codecpar().codec_tag(0);
    stream.time_base(filter.time_base_out());
  }

  @Override
  public void accept(AVPacket packet, AVRational base) throws IOException {
    if (done) {
      return;
    }
    if (Av.micros(packet.dts(), base) >= limitUs) {
      end();
      return;
    }
    if (!begun && (packet.flags() & avcodec.AV_PKT_FLAG_KEY) == 0) {
      return;
    }
    begun = true;
    MediaException.check(avcodec.av_packet_ref(copy, packet), "sharing a packet");
    MediaException.check(avcodec.av_bsf_send_packet(filter, copy), "filtering a packet");
    drain();
  }

  @Override
  public void end() throws IOException {
    if (!done) {
      done = true;
      MediaException.check(avcodec.av_bsf_send_packet(filter, null), "filtering a packet");
      drain();
    }
  }

  private void drain() throws IOException {
    while (true) {
      int result = avcodec.av_bsf_receive_packet(filter, copy);
      if (result == avutil.AVERROR_EAGAIN() || result == avutil.AVERROR_EOF) {
        return;
      }
      MediaException.check(result, "filtering a packet");
      output.write(copy, index, filter.time_base_out());
    }
  }

  @Override
  public void advance() {
    // Packets come by themselves.
  }

  @Override
  public boolean isDone() {
    return done;
  }

  @Override
  public void close() {
    avcodec.av_packet_free(copy);
    avcodec.av_bsf_free(filter);
  }
}
