package babelmux.testmedia;

import java.io.IOException;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avfilter.AVFilterContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.jspecify.annotations.Nullable;

/** One input. One thread; whoever opens it closes it. */
interface Feed extends AutoCloseable {

  /** Takes the packets of one track as they are. */
  interface PacketTarget {
    /**
     * Takes a packet.
     *
     * @param packet stays the caller's
     * @param base of its times
     */
    void accept(AVPacket packet, AVRational base) throws IOException;

    /** No packet follows. */
    void end() throws IOException;
  }

  /** Number of tracks, in the file's order. */
  int tracks();

  /** Tells whether a track is audio. */
  boolean isAudio(int track);

  /** Tells whether a track is video. */
  boolean isVideo(int track);

  /** The track as FFmpeg describes it; null where media is made and not read. */
  @Nullable AVStream stream(int track);

  /** The arguments of a filter graph's source for the frames of a track. */
  String sourceFormat(int track) throws IOException;

  /** Sends each frame of a track into a filter graph. */
  void sendFrames(int track, AVFilterContext source);

  /** Sends each packet of a track to a target. */
  void sendPackets(int track, PacketTarget target);

  /** True when frames before time 0 are to be dropped. */
  boolean startsInside();

  /** Time of what came last, microseconds. */
  long positionUs();

  /** True when there is nothing more. */
  boolean ended();

  /** Reads on by one packet or frame, and hands it on. */
  void step() throws IOException;

  @Override
  void close();

  /** The first track of a type, or -1. */
  default int first(boolean audio) {
    for (int track = 0; track < tracks(); track++) {
      if (audio ? isAudio(track) : isVideo(track)) {
        return track;
      }
    }
    return -1;
  }
}
