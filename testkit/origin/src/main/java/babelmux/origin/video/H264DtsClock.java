package babelmux.origin.video;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * DTS of H.264 out of the picture order count (POC). While pictures arrive in order, each has the
 * POC that is due; a picture ahead of it is shown later than it is decoded. The depth of reordering
 * is not known before it is seen: each time it grows, the DTS stands nearly still (1 ms a picture)
 * for as many pictures, and can pass the PTS.
 */
final class H264DtsClock extends DtsClock {
  private static final int MAX_DEPTH = 10;
  private static final int PICTURES_TO_LEARN_STEP = 5;

  private byte @Nullable [] spsBytes;
  private @Nullable H264Sps sps;

  /** POC from one picture to the next in order: 2 mostly, 1 or 4 with some encoders. */
  private int step;

  private int due;
  private int depth;
  private int held;
  private int pictures;
  private int lastPoc;
  private int lastPocButOne;

  @Override
  Derived derive(List<byte[]> nals, long pts, @Nullable Long previous)
      throws ReaderRefusedException, BitstreamException {
    byte @Nullable [] slice = null;
    for (byte[] nal : nals) {
      int type = H264Nal.type(nal);
      if (type == H264Nal.SPS) {
        learn(nal);
      } else if (type == H264Nal.IDR || type == H264Nal.SLICE) {
        slice = nal;
        break;
      }
    }
    H264Sps known = sps;
    if (known == null || slice == null) {
      throw new BitstreamException("no SPS or no slice");
    }
    if (known.pocType() == 2 || !known.framesOnly()) {
      return new Derived(pts, true);
    }
    if (known.pocType() == 1) {
      throw new ReaderRefusedException("pic_order_cnt_type = 1 is not supported");
    }
    boolean idr = H264Nal.type(slice) == H264Nal.IDR;
    int poc = known.pocOf(slice, idr);
    int lead = idr ? restart(poc) : ahead(poc, 1 << known.pocBits());
    lead += depth;
    lead += grow(lead > 2 * depth + 1 ? lead - (2 * depth + 1) : Math.max(0, -lead));
    if (held > 0) {
      held--;
      return new Derived(previous == null ? pts : previous + TICKS_PER_MS, false);
    }
    return previous == null
        ? new Derived(pts, false)
        : new Derived(share(previous, pts, lead), true);
  }

  private void learn(byte[] nal) throws BitstreamException {
    if (Arrays.equals(spsBytes, nal)) {
      return;
    }
    sps = H264Sps.parse(nal);
    spsBytes = nal;
    step = 2;
    due = 0;
    depth = 0;
    held = 0;
    pictures = 0;
    lastPoc = 0;
    lastPocButOne = 0;
  }

  /** At an IDR picture: the count starts over. */
  private int restart(int poc) {
    due = poc;
    if (step == 2) {
      if (poc % 2 != 0) {
        step = 1;
      }
      pictures = 1;
      lastPocButOne = 0;
      lastPoc = poc;
    }
    return 0;
  }

  /** Number of pictures that the POC is ahead of the one that is due; below 0: behind it. */
  private int ahead(int poc, int modulus) throws ReaderRefusedException {
    if (pictures < PICTURES_TO_LEARN_STEP && step == 2) {
      learnStep(poc);
    }
    due = (due + step) & (modulus - 1);
    int distance = (poc - due) & (modulus - 1);
    return (distance > modulus / 2 ? distance - modulus : distance) / step;
  }

  private void learnStep(int poc) throws ReaderRefusedException {
    if (poc % 2 != 0) {
      step = 1;
      due /= 2;
      grow(depth);
    } else if (pictures >= 2
        && poc % 4 == 0
        && poc == lastPoc + 4
        && lastPoc == lastPocButOne + 4) {
      step = 4;
      due *= 2;
    }
    pictures++;
    lastPocButOne = lastPoc;
    lastPoc = poc;
  }

  private int grow(int by) throws ReaderRefusedException {
    if (by > 0 && depth + by > MAX_DEPTH) {
      throw new ReaderRefusedException("too many reordered frames (" + (depth + by) + ")");
    }
    depth += by;
    held += by;
    return by;
  }
}
