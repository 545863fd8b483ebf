/**
 * One stream's pipeline: one ingest, its dubs and its outputs ({@code Pipeline}), and its two
 * drivers: {@code Session} for a live stream, {@code OfflineDub} for a file. What it decides with
 * is in {@code timeline}; where it sends is in {@code output}.
 */
@NullMarked
package babelmux.worker.session;

import org.jspecify.annotations.NullMarked;
