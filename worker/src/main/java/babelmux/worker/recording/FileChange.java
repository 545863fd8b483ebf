package babelmux.worker.recording;

/** Decides where one file of a recording ends and the next one begins. Pure. */
final class FileChange {
  private FileChange() {}

  /**
   * @param otherFormats whether the packet is of other formats than the file
   * @param startsGroup whether a file can begin with the packet
   * @param lengthUs from the file's first packet to this one
   * @param maxLengthUs after which a file ends; {@link Long#MAX_VALUE} for never
   */
  static boolean isDue(boolean otherFormats, boolean startsGroup, long lengthUs, long maxLengthUs) {
    return otherFormats || (startsGroup && lengthUs >= maxLengthUs);
  }
}
