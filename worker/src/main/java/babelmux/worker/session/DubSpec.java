package babelmux.worker.session;

import babelmux.worker.sound.SoundOptions;
import babelmux.worker.sts.StsLink;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One dub of a stream: a language with its own STS link, audio and listener.
 *
 * @param name by which outputs name it; unique within its stream
 * @param sound how the audio of a slot is made
 * @param bitRate of the encoded audio, bits per second, for two channels
 * @param copiesAudio whether original audio leaves as the packets that it came as, where they can
 *     stand among encoded ones
 * @param linkOpener opens the STS link for the source's audio, or gives null when nothing is to be
 *     dubbed; the link is the session's. Called once, on the reader's thread
 * @param listener is told what happens to this dub's segments
 */
public record DubSpec(
    String name,
    SoundOptions sound,
    int bitRate,
    boolean copiesAudio,
    Function<SoundShape, @Nullable StsLink> linkOpener,
    DubListener listener) {}
