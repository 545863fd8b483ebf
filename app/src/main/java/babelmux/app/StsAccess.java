package babelmux.app;

import babelmux.worker.config.Secret;
import babelmux.worker.config.StsSettings;
import babelmux.worker.sts.StsConfig;

/** The STS settings as the link takes them. */
public final class StsAccess {
  private StsAccess() {}

  static StsConfig of(StsSettings settings) {
    return builder(settings).build();
  }

  /** The same, for whoever needs other limits. */
  public static StsConfig.Builder builder(StsSettings settings) {
    Secret token = settings.token();
    return StsConfig.builder(settings.url())
        .path(settings.path())
        .namespace(settings.namespace())
        .token(token == null ? null : token.reveal())
        .voiceProfile(settings.voiceProfile())
        .maxInFlight(settings.maxInFlight())
        .caFile(settings.caFile());
  }
}
