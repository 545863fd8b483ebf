package babelmux.worker.recording;

import org.jspecify.annotations.Nullable;

/**
 * A recording at one moment.
 *
 * @param file the current file, or the last one, in the directory of recordings; null when there
 *     was none yet
 * @param lastError why it is stopped, or was last; null when nothing has failed since the current
 *     file was begun
 * @param bytes payload bytes written over all files
 * @param dropped packets that are in no file
 */
public record RecordingStatus(
    RecordingState state,
    @Nullable String file,
    @Nullable String lastError,
    long bytes,
    long dropped) {}
