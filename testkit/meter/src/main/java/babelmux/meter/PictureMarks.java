package babelmux.meter;

import static org.bytedeco.ffmpeg.global.avutil.AV_NOPTS_VALUE;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_NV12;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ420P;
import static org.bytedeco.ffmpeg.global.avutil.av_q2d;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.javacpp.BytePointer;

/** Reads the marks of a picture track: flashes and frame numbers. */
final class PictureMarks {
  private static final int MAX_FAULTS = 1000;
  private static final int LIT = 140;
  private static final int WHITE = 125;
  private static final int CELLS = 16;

  private final AVStream stream;
  private final double tickUs;
  private final double fps;
  private final List<Flash> flashes = new ArrayList<>();
  private final List<FrameFault> faults = new ArrayList<>();
  private long frames;
  private long unreadable;
  private long faultCount;
  private int firstNumber = -1;
  private int lastNumber = -1;
  private boolean lit = true;
  private double firstUs;
  private double lastUs;
  private double lastLengthUs;
  private double largestStepUs;

  PictureMarks(AVStream stream) {
    this.stream = stream;
    this.tickUs = av_q2d(stream.time_base()) * 1e6;
    this.fps = stream.avg_frame_rate().den() == 0 ? 0 : av_q2d(stream.avg_frame_rate());
  }

  void accept(AVFrame frame) throws IOException {
    int format = frame.format();
    if (format != AV_PIX_FMT_YUV420P
        && format != AV_PIX_FMT_YUVJ420P
        && format != AV_PIX_FMT_NV12) {
      throw new IOException("pixel format " + format + ": expected 8 bits 4:2:0");
    }
    long pts = frame.pts() == AV_NOPTS_VALUE ? frame.best_effort_timestamp() : frame.pts();
    if (pts == AV_NOPTS_VALUE) {
      throw new IOException("picture " + frames + " has no presentation time");
    }
    double us = pts * tickUs;
    times(us, frame.duration() * tickUs);
    int number = number(frame);
    sequence(Math.round(us), number);
    flash(Math.round(us), number, isLit(frame));
    frames++;
  }

  private void times(double us, double lengthUs) {
    if (frames == 0) {
      firstUs = us;
    } else {
      largestStepUs = Math.max(largestStepUs, us - lastUs);
    }
    lastUs = us;
    // FLV rounds times to milliseconds and so the duration; the rate is exact where it is known.
    lastLengthUs = fps > 0 ? 1e6 / fps : lengthUs;
  }

  private void sequence(long us, int number) {
    int expected = lastNumber < 0 ? number : (lastNumber + 1) % Marks.FRAMES;
    if (number < 0) {
      unreadable++;
      lastNumber = expected;
      return;
    }
    if (firstNumber < 0) {
      firstNumber = number;
    }
    if (number != expected) {
      faultCount++;
      if (faults.size() < MAX_FAULTS) {
        faults.add(new FrameFault(us, expected, number));
      }
    }
    lastNumber = number;
  }

  private void flash(long us, int number, boolean litNow) {
    if (litNow && !lit) {
      flashes.add(new Flash(us, number, Marks.flashSecond(number)));
    }
    lit = litNow;
  }

  private static boolean isLit(AVFrame frame) {
    int sum = 0;
    int rows = 16;
    int columns = 32;
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        sum += luma(frame, (column + 0.5) / columns, (row + 0.5) / rows * 8 / 9);
      }
    }
    return sum / (rows * columns) > LIT;
  }

  private static int number(AVFrame frame) {
    int bits = 0;
    for (int cell = 0; cell < CELLS; cell++) {
      bits = bits << 1 | (cellLuma(frame, cell) > WHITE ? 1 : 0);
    }
    int number = bits >> 4 & 0x3ff;
    boolean valid = bits >> 14 == 0b10 && number % 13 + 1 == (bits & 0xf) && number < Marks.FRAMES;
    return valid ? number : -1;
  }

  private static int cellLuma(AVFrame frame, int cell) {
    int sum = 0;
    for (int i = 0; i < 9; i++) {
      double x = (cell + 0.35 + 0.15 * (i % 3)) / CELLS;
      int row = i / 3;
      double y = 1 - (0.35 + 0.15 * row) / 9;
      sum += luma(frame, x, y);
    }
    return sum / 9;
  }

  private static int luma(AVFrame frame, double x, double y) {
    BytePointer plane = frame.data(0);
    long row = (long) (y * frame.height());
    long column = (long) (x * frame.width());
    return plane.get(row * frame.linesize(0) + column) & 0xff;
  }

  int flashCount() {
    return flashes.size();
  }

  List<Flash> flashes() {
    return List.copyOf(flashes);
  }

  Recording.Video result(int decodeErrors) {
    return new Recording.Video(
        MediaFile.codec(stream),
        stream.codecpar().width(),
        stream.codecpar().height(),
        fps,
        Math.round(firstUs),
        frames == 0 ? 0 : Math.round(lastUs + lastLengthUs - firstUs),
        frames,
        Math.round(largestStepUs),
        firstNumber,
        lastNumber,
        unreadable,
        faultCount,
        List.copyOf(faults),
        decodeErrors);
  }
}
