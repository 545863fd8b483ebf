package babelmux.worker.config;

import java.nio.file.Path;

/**
 * Settings of TLS on the HTTP port.
 *
 * @param cert PEM file of the certificate and those between it and an authority
 * @param key PEM file of its private key, not encrypted
 */
public record TlsConfig(Path cert, Path key) {}
