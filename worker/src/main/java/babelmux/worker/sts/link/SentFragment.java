package babelmux.worker.sts.link;

import babelmux.worker.sts.link.StsBreaker.Permit;

/** A fragment that was sent and is not settled. */
final class SentFragment {
  private final WaitingFragment origin;
  private final WireSession session;
  private final int sequenceNumber;
  private final long sentAt;
  private final long deadline;
  private final Permit permit;
  private boolean acknowledged;
  private boolean blameless;

  SentFragment(
      WaitingFragment origin,
      WireSession session,
      int sequenceNumber,
      long sentAt,
      long deadline,
      Permit permit) {
    this.origin = origin;
    this.session = session;
    this.sequenceNumber = sequenceNumber;
    this.sentAt = sentAt;
    this.deadline = deadline;
    this.permit = permit;
  }

  WaitingFragment origin() {
    return origin;
  }

  Submission submission() {
    return origin.submission();
  }

  String id() {
    return submission().fragmentId();
  }

  int sequenceNumber() {
    return sequenceNumber;
  }

  long sentAt() {
    return sentAt;
  }

  long deadline() {
    return deadline;
  }

  Permit permit() {
    return permit;
  }

  boolean acknowledged() {
    return acknowledged;
  }

  void acknowledge() {
    acknowledged = true;
  }

  /** Session that it was sent in. When that was replaced since, an answer may still come. */
  WireSession session() {
    return session;
  }

  /**
   * True when its timeout says nothing about the service: a hole of ours may hold its answer back.
   */
  boolean blameless() {
    return blameless;
  }

  /** Its timeout says nothing about the service. */
  void excuse() {
    blameless = true;
  }
}
