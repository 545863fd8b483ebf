package babelmux.worker.sts.wire;

import static org.assertj.core.api.Assertions.assertThat;

import babelmux.worker.sts.BackpressureAction;
import babelmux.worker.sts.BackpressureSeverity;
import babelmux.worker.sts.StsSession;
import babelmux.worker.sts.wire.ServerMessage.Backpressure;
import babelmux.worker.sts.wire.ServerMessage.DubbedAudio;
import babelmux.worker.sts.wire.ServerMessage.FragmentAcked;
import babelmux.worker.sts.wire.ServerMessage.FragmentProcessed;
import babelmux.worker.sts.wire.ServerMessage.Malformed;
import babelmux.worker.sts.wire.ServerMessage.Status;
import babelmux.worker.sts.wire.ServerMessage.StreamComplete;
import babelmux.worker.sts.wire.ServerMessage.StreamReady;
import babelmux.worker.sts.wire.ServerMessage.StsError;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageCodecTest {
  private final MessageCodec codec = new MessageCodec(1 << 20);

  private ServerMessage read(String name, String payload) {
    return codec.decode("[\"%s\",%s]".formatted(name, payload.replace('\'', '"')));
  }

  private JsonNode written(ClientMessage message) throws JsonProcessingException {
    return new JsonMapper().readTree(codec.encode(message));
  }

  @Test
  void writesInitAsTheContractHasIt() throws Exception {
    StsSession session = new StsSession("en", "es", 44_100, 1, java.time.Duration.ofMillis(300));
    JsonNode json =
        written(
            new ClientMessage.StreamInit(
                "demo", "worker-demo", StreamInitConfig.of(session, "default"), 3, 1_000));
    assertThat(json)
        .isEqualTo(
            new JsonMapper()
                .readTree(
                    """
                    {"stream_id":"demo","worker_id":"worker-demo","config":{"source_language":"en",
                    "target_language":"es","voice_profile":"default","chunk_duration_ms":6000,
                    "sample_rate_hz":44100,"channels":1,"format":"m4a"},"max_inflight":3,
                    "timeout_ms":1000}
                    """));
    assertThat(session.timeoutMillis()).isEqualTo(1_000);
  }

  @Test
  void writesAFragmentAsTheContractHasIt() throws Exception {
    JsonNode json =
        written(
            new ClientMessage.FragmentData(
                "id",
                "demo",
                4,
                1_767_225_600_000L,
                new ClientMessage.Audio("m4a", 48_000, 2, 6_016, new byte[] {1, 2, 3, 4}),
                new ClientMessage.Metadata(24_000_000_000L)));
    assertThat(json)
        .isEqualTo(
            new JsonMapper()
                .readTree(
                    """
                    {"fragment_id":"id","stream_id":"demo","sequence_number":4,
                    "timestamp":1767225600000,"audio":{"format":"m4a","sample_rate_hz":48000,
                    "channels":2,"duration_ms":6016,"data_base64":"AQIDBA=="},
                    "metadata":{"pts_ns":24000000000}}
                    """));
  }

  @Test
  void theBoundOfAMessagesLengthHolds() {
    for (int size : new int[] {1, 2, 3, 1_000, 100_001}) {
      String json =
          codec.encode(
              new ClientMessage.FragmentData(
                  "7a1c8f1e-aaaa-bbbb-cccc-1234567890ab",
                  "s".repeat(64),
                  Integer.MAX_VALUE,
                  Long.MAX_VALUE,
                  new ClientMessage.Audio("pcm_s16le", 96_000, 2, 60_000, new byte[size]),
                  new ClientMessage.Metadata(Long.MIN_VALUE)));
      assertThat((long) json.length() + 64)
          .isLessThanOrEqualTo(ClientMessage.FragmentData.wireBytes(size));
    }
  }

  @Test
  void writesTheSmallOnes() throws Exception {
    assertThat(codec.encode(new ClientMessage.FragmentAck("f", "applied", 5)))
        .isEqualTo("{\"fragment_id\":\"f\",\"status\":\"applied\",\"timestamp\":5}");
    assertThat(codec.encode(new ClientMessage.StreamEnd("demo", "source_ended")))
        .isEqualTo("{\"stream_id\":\"demo\",\"reason\":\"source_ended\"}");
    assertThat(codec.encode(new ClientMessage.StreamResume("demo")))
        .isEqualTo("{\"stream_id\":\"demo\"}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'stream_id':'d','session_id':'s','max_inflight':3,'capabilities':{'async':true}}",
        "{'session_id':'s','max_inflight':3.0,'capabilities':['asr','tts'],'new':{}}"
      })
  void readsReadyInBothShapes(String json) {
    assertThat(read("stream:ready", json)).isEqualTo(new StreamReady("s", OptionalInt.of(3)));
  }

  @Test
  void aReadyWithoutAnythingIsStillOne() {
    assertThat(read("stream:ready", "{'max_inflight':null}"))
        .isEqualTo(new StreamReady("", OptionalInt.empty()));
    assertThat(codec.decode("[\"stream:ready\"]"))
        .isEqualTo(new StreamReady("", OptionalInt.empty()));
  }

  @Test
  void readsAnAnswerWithAllItsNulls() {
    FragmentProcessed answer =
        (FragmentProcessed)
            read(
                "fragment:processed",
                """
                {'fragment_id':'f','stream_id':'demo','sequence_number':2.0,'status':'success',
                'dubbed_audio':{'format':'M4A','sample_rate_hz':48000,'channels':2,
                'duration_ms':6000,'data_base64':'AQID'},'transcript':'a','translated_text':null,
                'processing_time_ms':5,'stage_timings':null,'error':null,
                'metadata':{'speed_ratio':1.1},'warnings':['w']}
                """);
    assertThat(answer.sequenceNumber()).hasValue(2);
    assertThat(answer.status()).isEqualTo(Status.SUCCESS);
    assertThat(answer.translatedText()).isNull();
    assertThat(answer.error()).isNull();
    DubbedAudio audio = answer.audio();
    assertThat(audio).isNotNull();
    assertThat(audio.bytes()).containsExactly(1, 2, 3);
    assertThat(audio.format()).isEqualTo("m4a");
  }

  @Test
  void readsSoundThatIsABareString() {
    FragmentProcessed answer =
        (FragmentProcessed)
            read(
                "fragment:processed",
                "{'fragment_id':'f','status':'partial','dubbed_audio':'AQID'}");
    assertThat(answer.audio()).isNotNull();
    assertThat(answer.audio().bytes()).containsExactly(1, 2, 3);
    assertThat(answer.audio().format()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'data_base64':'***'}",
        "{'data_base64':''}",
        "{'data_base64':null}",
        "{'data_base64':7}",
        "{}",
        "'not base64!'",
        "''"
      })
  void soundThatIsNoneHasAProblem(String audio) {
    FragmentProcessed answer =
        (FragmentProcessed)
            read(
                "fragment:processed",
                "{'fragment_id':'f','status':'success','dubbed_audio':" + audio + "}");
    assertThat(answer.audio()).isNotNull();
    assertThat(answer.audio().problem()).isNotBlank();
    assertThat(answer.audio().bytes()).isEmpty();
  }

  @Test
  void absurdNumbersAreUnknown() {
    FragmentProcessed answer =
        (FragmentProcessed)
            read(
                "fragment:processed",
                """
                {'fragment_id':'f','status':'success','sequence_number':1e99,'dubbed_audio':{
                'data_base64':'AQID','sample_rate_hz':-1,'channels':1e9,'duration_ms':'x'}}
                """);
    assertThat(answer.sequenceNumber()).isEmpty();
    assertThat(answer.audio()).isNotNull();
    assertThat(answer.audio().sampleRateHz()).isZero();
    assertThat(answer.audio().channels()).isZero();
    assertThat(answer.audio().durationMs()).isZero();
  }

  @Test
  void anUnknownStatusIsAFailure() {
    FragmentProcessed answer =
        (FragmentProcessed) read("fragment:processed", "{'fragment_id':'f','status':'fine'}");
    assertThat(answer.status()).isEqualTo(Status.FAILED);
  }

  @Test
  void readsErrorsInBothShapes() {
    assertThat(
            read(
                "error",
                """
                {'error_id':null,'stream_id':'d','fragment_id':'f','code':'QUEUE_FULL',
                'message':'m','severity':'warning','retryable':true,'metadata':{}}
                """))
        .isEqualTo(new StsError("QUEUE_FULL", "m", true, "f", OptionalLong.empty()));
    assertThat(
            read(
                "error",
                """
                {'code':'RATE_LIMIT_EXCEEDED','message':'m','retryable':null,'stage':'asr',
                'details':{'retry_after_seconds':3.0}}
                """))
        .isEqualTo(new StsError("RATE_LIMIT_EXCEEDED", "m", null, null, OptionalLong.of(3_000)));
  }

  @Test
  void readsBackpressureInBothShapes() {
    assertThat(
            read(
                "backpressure",
                "{'severity':'low','action':'none','queue_depth':1,'recommended_delay_ms':null}"))
        .isEqualTo(
            new Backpressure(
                BackpressureAction.NONE, BackpressureSeverity.LOW, OptionalLong.empty()));
    assertThat(
            read(
                "backpressure",
                """
                {'stream_id':'d','severity':'HIGH','action':'pause','max_inflight':10,
                'threshold_exceeded':'high','recommended_delay_ms':2000}
                """))
        .isEqualTo(
            new Backpressure(
                BackpressureAction.PAUSE, BackpressureSeverity.HIGH, OptionalLong.of(2_000)));
  }

  @Test
  void readsCompleteInBothShapes() {
    assertThat(read("stream:complete", "{'total_fragments':5,'statistics':{'success_count':5}}"))
        .isEqualTo(new StreamComplete(OptionalLong.of(5)));
    assertThat(read("stream:complete", "{'statistics':{'total_fragments':5}}"))
        .isEqualTo(new StreamComplete(OptionalLong.of(5)));
    assertThat(read("stream:complete", "{}")).isEqualTo(new StreamComplete(OptionalLong.empty()));
  }

  @Test
  void anAckNeedsOnlyItsId() {
    assertThat(read("fragment:ack", "{'fragment_id':'f','status':'queued','timestamp':null}"))
        .isEqualTo(new FragmentAcked("f"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "[",
        "{}",
        "[]",
        "[1]",
        "[null,{}]",
        "[\"fragment:ack\",{}]",
        "[\"fragment:ack\",{\"fragment_id\":7}]",
        "[\"fragment:processed\",null]",
        "[\"fragment:processed\",[]]",
        "[\"error\",{\"code\":NaN}]"
      })
  void whatCannotBeUnderstoodIsMalformed(String event) {
    assertThat(codec.decode(event)).isInstanceOf(Malformed.class);
  }

  @Test
  void depthAndLengthAreBounded() {
    String deep = "[\"error\"," + "[".repeat(5_000) + "]".repeat(5_000) + "]";
    assertThat(codec.decode(deep)).isInstanceOf(Malformed.class);
    String longText = "[\"error\",{\"message\":\"" + "x".repeat(2 << 20) + "\"}]";
    assertThat(codec.decode(longText)).isInstanceOf(Malformed.class);
    StsError cut =
        (StsError) codec.decode("[\"error\",{\"message\":\"" + "x".repeat(100_000) + "\"}]");
    assertThat(cut.message()).hasSize(500);
  }

  @Test
  void noiseNeverThrows() {
    String valid =
        "[\"fragment:processed\",{\"fragment_id\":\"f\",\"status\":\"success\","
            + "\"dubbed_audio\":{\"data_base64\":\"AQID\"},\"sequence_number\":1}]";
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      StringBuilder text = new StringBuilder(valid);
      for (int j = random.nextInt(4); j >= 0; j--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.setCharAt(at, (char) random.nextInt(256));
          case 1 -> text.deleteCharAt(at);
          default -> text.insert(at, "{}[],:\"\\0-e".charAt(random.nextInt(11)));
        }
      }
      assertThat(codec.decode(text.toString())).isNotNull();
    }
  }
}
