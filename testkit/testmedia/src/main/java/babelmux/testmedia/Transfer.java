package babelmux.testmedia;

import babelmux.media.Natives;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.ffmpeg.avfilter.AVFilterContext;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.jspecify.annotations.Nullable;

/**
 * Reads, filters, encodes and writes what a command line says. One thread runs it and closes it;
 * any thread may stop it.
 */
final class Transfer implements MediaTask.Work {
  private final Arguments arguments;
  private final Pacing pacing = new Pacing();
  private final Interrupt reading = new Interrupt();
  private final Interrupt writing = new Interrupt();
  private final List<Feed> feeds = new ArrayList<>();
  private final List<Output> outputs = new ArrayList<>();
  private final List<OutputTrack> tracks = new ArrayList<>();
  private final List<FilterChain> chains = new ArrayList<>();
  // Unconnected outputs of the common graph, by label.
  private final Map<String, FilterChain.Pad> labelled = new LinkedHashMap<>();
  private @Nullable FilterChain common;
  private volatile boolean killed;
  private volatile long packets;

  Transfer(Arguments arguments) {
    this.arguments = arguments;
  }

  @Override
  public void run() throws IOException {
    Natives.load();
    open();
    while (!pacing.isStopped() && !isDone()) {
      Optional<Feed> next =
          feeds.stream()
              .filter(feed -> !feed.ended())
              .min(Comparator.comparingLong(Feed::positionUs));
      if (next.isEmpty()) {
        break;
      }
      next.get().step();
      advance();
    }
    advance();
    if (!killed) {
      for (Output output : outputs) {
        output.finish();
      }
    }
  }

  private boolean isDone() {
    return tracks.stream().allMatch(OutputTrack::isDone);
  }

  private void advance() throws IOException {
    for (OutputTrack track : tracks) {
      track.advance();
    }
    packets = outputs.stream().mapToLong(Output::packets).sum();
  }

  /** Packets written so far. Any thread. */
  @Override
  public long packets() {
    return packets;
  }

  @Override
  public void stop() {
    pacing.stop();
    reading.request();
  }

  @Override
  public void kill() {
    killed = true;
    writing.request();
    stop();
  }

  private void open() throws IOException {
    for (Arguments.In input : arguments.inputs()) {
      feeds.add(input.lavfi() ? new LavfiFeed(input.url()) : new FileFeed(input, pacing, reading));
    }
    String filter = arguments.filter();
    if (filter != null) {
      common = chain(filter);
      for (FilterChain.Pad pad : common.inputs()) {
        connect(common, pad, pad.label());
      }
      int unnamed = 0;
      for (FilterChain.Pad pad : common.outputs()) {
        labelled.put(pad.label().isEmpty() ? "#" + unnamed++ : pad.label(), pad);
      }
    }
    for (Arguments.Out spec : arguments.outputs()) {
      Output output = new Output(spec, writing);
      outputs.add(output);
      addTracks(output);
    }
    for (Output output : outputs) {
      output.begin();
    }
  }

  private FilterChain chain(String description) throws IOException {
    FilterChain chain = new FilterChain(description);
    chains.add(chain);
    return chain;
  }

  /** Connects a graph's input to what its label names, such as {@code 1:a}. */
  private void connect(FilterChain chain, FilterChain.Pad pad, String label) throws IOException {
    String[] parts = label.split(":", 2);
    Feed feed = feeds.get(label.isEmpty() ? 0 : Integer.parseInt(parts[0]));
    int track = feed.first(pad.audio());
    if (track < 0) {
      throw new IOException("[" + label + "]: no such track");
    }
    AVFilterContext source = chain.source(pad, feed.sourceFormat(track), feed.startsInside());
    feed.sendFrames(track, source);
  }

  /** A track of an input, or an output of the common graph. */
  private record Chosen(int input, int track, FilterChain.@Nullable Pad pad, boolean audio) {}

  private void addTracks(Output output) throws IOException {
    Map<String, Integer> numbers = new HashMap<>();
    for (Chosen chosen : chosen(output.spec())) {
      String type = chosen.audio ? "a" : "v";
      int number = numbers.merge(type, 1, Integer::sum) - 1;
      if ("copy".equals(output.spec().value("c", type, number)) && chosen.pad == null) {
        addCopy(output, chosen, output.spec().value("bsf", type, number));
        continue;
      }
      FilterChain chain = common;
      FilterChain.Pad pad = chosen.pad;
      if (chain == null || pad == null) {
        String filter = output.spec().value(chosen.audio ? "af" : "vf");
        chain = chain(filter == null ? chosen.audio ? "anull" : "null" : filter);
        pad = chain.outputs().get(0);
        connectTrack(chain, chosen);
      }
      EncodedTrack track = new EncodedTrack(output, chain, pad, number);
      tracks.add(track);
      chain.configure();
      track.open();
    }
  }

  private void connectTrack(FilterChain chain, Chosen chosen) throws IOException {
    Feed feed = feeds.get(chosen.input);
    AVFilterContext source =
        chain.source(chain.inputs().get(0), feed.sourceFormat(chosen.track), feed.startsInside());
    feed.sendFrames(chosen.track, source);
  }

  private void addCopy(Output output, Chosen chosen, @Nullable String bitstreamFilter)
      throws IOException {
    Feed feed = feeds.get(chosen.input);
    AVStream source = feed.stream(chosen.track);
    if (source == null) {
      throw new IllegalArgumentException("what a filter graph makes cannot be copied");
    }
    CopyTrack track = new CopyTrack(output, source, bitstreamFilter, output.spec().limitSeconds());
    tracks.add(track);
    feed.sendPackets(chosen.track, track);
  }

  private List<Chosen> chosen(Arguments.Out spec) {
    List<Chosen> chosen = new ArrayList<>();
    for (String map : spec.values("map")) {
      chosen.addAll(mapped(map));
    }
    if (chosen.isEmpty()) {
      labelled.values().forEach(pad -> chosen.add(new Chosen(0, 0, pad, pad.audio())));
      addFirst(chosen, false);
      addFirst(chosen, true);
    }
    chosen.removeIf(track -> spec.value(track.audio ? "an" : "vn") != null);
    return chosen;
  }

  /** The first track of a type among all inputs, unless there is one already. Video comes first. */
  private void addFirst(List<Chosen> chosen, boolean audio) {
    if (chosen.stream().anyMatch(track -> track.audio == audio)) {
      return;
    }
    for (int input = 0; input < feeds.size(); input++) {
      int track = feeds.get(input).first(audio);
      if (track >= 0) {
        chosen.add(audio ? chosen.size() : 0, new Chosen(input, track, null, audio));
        return;
      }
    }
  }

  private List<Chosen> mapped(String map) {
    if (map.startsWith("[")) {
      FilterChain.Pad pad = labelled.get(map.substring(1, map.length() - 1));
      if (pad == null) {
        throw new IllegalArgumentException("-map " + map + ": no such output of the filter");
      }
      return List.of(new Chosen(0, 0, pad, pad.audio()));
    }
    String[] parts = map.split(":", 2);
    int input = Integer.parseInt(parts[0]);
    Feed feed = feeds.get(input);
    List<Chosen> chosen = new ArrayList<>();
    for (int track = 0; track < feed.tracks(); track++) {
      boolean wanted =
          parts.length == 1
              ? feed.isAudio(track) || feed.isVideo(track)
              : parts[1].equals("a") ? feed.isAudio(track) : feed.isVideo(track);
      if (wanted) {
        chosen.add(new Chosen(input, track, null, feed.isAudio(track)));
      }
    }
    return chosen;
  }

  @Override
  public void close() {
    tracks.forEach(OutputTrack::close);
    outputs.forEach(Output::close);
    chains.forEach(FilterChain::close);
    feeds.forEach(Feed::close);
    writing.close();
    reading.close();
  }
}
