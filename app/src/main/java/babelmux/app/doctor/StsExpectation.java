package babelmux.app.doctor;

import java.time.Duration;

/**
 * What the settings expect of the STS.
 *
 * @param address URL and path, without a secret
 * @param namespace of Socket.IO
 * @param token whether one is sent
 * @param languages such as {@code en to es}
 * @param voice name of the voice profile
 * @param limit that the STS has for a fragment
 * @param delay of the output
 */
record StsExpectation(
    String address,
    String namespace,
    boolean token,
    String languages,
    String voice,
    Duration limit,
    Duration delay) {}
