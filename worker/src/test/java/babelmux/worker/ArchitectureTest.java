package babelmux.worker;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import babelmux.worker.sts.StsLinks;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between the packages, each with its reason. */
@AnalyzeClasses(packages = "babelmux.worker", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule ONLY_THE_MEDIA_MODULE_KNOWS_FFMPEG =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.bytedeco..")
          .because("a native object has one owner that closes it, and that is in the media module");

  @ArchTest
  static final ArchRule ONLY_THE_WIRE_KNOWS_SOCKET_IO =
      noClasses()
          .that()
          .resideOutsideOfPackage("babelmux.worker.sts.wire..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.socket..", "okhttp3..", "org.json..")
          .because(
              "its callbacks share one thread: the wire submits, nobody else must be called on it");

  @ArchTest
  static final ArchRule ONLY_STS_SEES_ITS_ROOMS =
      noClasses()
          .that()
          .resideOutsideOfPackage("babelmux.worker.sts..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("babelmux.worker.sts.link..", "babelmux.worker.sts.wire..")
          .because("the package sts is the public face: what lies behind it can change");

  @ArchTest
  static final ArchRule THE_WIRE_DOES_NOT_KNOW_THE_LINK =
      noClasses()
          .that()
          .resideInAPackage("babelmux.worker.sts.wire..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("babelmux.worker.sts.link..")
          .because("what is sent and received is read without deciding what follows from it");

  @ArchTest
  static final ArchRule THE_FACE_OF_STS_IS_VALUES_AND_ONE_FACTORY =
      noClasses()
          .that()
          .resideInAPackage("babelmux.worker.sts")
          .and()
          .doNotBelongToAnyOf(StsLinks.class)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("babelmux.worker.sts.link..", "babelmux.worker.sts.wire..")
          .because("link and wire depend on its values, and only StsLinks puts them together");

  @ArchTest
  static final ArchRule NOBODY_BEHIND_THE_FACE_MAKES_LINKS =
      noClasses()
          .that()
          .resideInAnyPackage("babelmux.worker.sts.link..", "babelmux.worker.sts.wire..")
          .should()
          .dependOnClassesThat()
          .belongToAnyOf(StsLinks.class)
          .because("it would be a cycle: StsLinks makes them");

  @ArchTest
  static final ArchRule ONLY_API_KNOWS_VERTX =
      noClasses()
          .that()
          .resideOutsideOfPackage("babelmux.worker.api..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.vertx..", "io.netty..")
          .because("nothing may block an event loop, so as little as possible runs on one");

  @ArchTest
  static final ArchRule ONLY_METRICS_KNOWS_THE_REGISTRY =
      noClasses()
          .that()
          .resideOutsideOfPackage("babelmux.worker.metrics..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.micrometer..", "io.prometheus..")
          .because("names that others read are declared in one place");

  @ArchTest
  static final ArchRule A_SESSION_DOES_NOT_KNOW_WHO_RUNS_OR_SHOWS_IT =
      noClasses()
          .that()
          .resideInAPackage("babelmux.worker.session..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "babelmux.worker.api..", "babelmux.worker.streams..", "babelmux.hooks..")
          .because(
              "a session runs without a server, too: `babelmux dub` has no registry and no API")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule PARTS_OF_A_SESSION_DO_NOT_KNOW_THE_SESSION =
      noClasses()
          .that()
          .resideInAnyPackage(
              "babelmux.worker.sts..", "babelmux.worker.output..", "babelmux.worker.timeline..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "babelmux.worker.session..",
              "babelmux.worker.streams..",
              "babelmux.worker.api..",
              "babelmux.hooks..")
          .because("each of them is tested alone, with values in and events out")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule TIMELINE_IS_PURE =
      noClasses()
          .that()
          .resideInAPackage("babelmux.worker.timeline..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "babelmux.worker.sts..", "babelmux.worker.output..", "java.util.concurrent..")
          .because("times are values: no threads and no I/O where they are computed")
          .allowEmptyShould(true);

  @ArchTest
  static final ArchRule SOUND_IS_MADE_OF_SAMPLES =
      classes()
          .that()
          .resideInAPackage("babelmux.worker.sound..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "babelmux.worker.sound..",
              "babelmux.media..",
              "babelmux.worker.timeline..",
              "java.lang..",
              "java.time..",
              "java.util",
              "org.jspecify..")
          .because(
              "what a slot sounds like is tested sample by sample: no threads, clocks or sockets");

  @ArchTest
  static final ArchRule STREAMS_DOES_NOT_KNOW_THE_API =
      noClasses()
          .that()
          .resideInAPackage("babelmux.worker.streams..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("babelmux.worker.api..")
          .because("the API shows streams; streams live without being shown");

  @ArchTest
  static final ArchRule SETTINGS_KNOW_NOBODY =
      noClasses()
          .that()
          .resideInAPackage("babelmux.worker.config..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "babelmux.worker.api..",
              "babelmux.worker.metrics..",
              "babelmux.worker.streams..",
              "babelmux.worker.session..",
              "babelmux.worker.sts..",
              "babelmux.worker.output..",
              "babelmux.worker.timeline..")
          .because("all others may use them, so they must not lead back");

  @ArchTest
  static final ArchRule METERS_KNOW_ONLY_WHAT_THEY_COUNT =
      noClasses()
          .that()
          .resideInAPackage("babelmux.worker.metrics..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "babelmux.worker.api..", "babelmux.worker.streams..", "babelmux.worker.output..")
          .because("they take the reasons and states of session and sts as labels, and no more");

  @ArchTest
  static final ArchRule NO_CYCLES =
      slices()
          .matching("babelmux.worker.(*)..")
          .should()
          .beFreeOfCycles()
          .because("what depends on each other cannot be understood or tested apart");
}
