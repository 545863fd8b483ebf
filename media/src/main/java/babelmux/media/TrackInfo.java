package babelmux.media;

/**
 * Description of a track for people. Holds nothing native.
 *
 * @param codec FFmpeg's short name, such as {@code h264}
 * @param width pixels; 0 for audio
 * @param height pixels; 0 for audio
 * @param sampleRate Hz; 0 for the video
 * @param channels 0 for the video
 */
public record TrackInfo(String codec, int width, int height, int sampleRate, int channels) {}
