package babelmux.worker.sts.link;

/**
 * A fragment that is not sent yet, or was refused and is to be sent again.
 *
 * @param order counts submissions
 * @param since when it came, nanoseconds since the link was opened
 * @param tries how often it was sent
 */
record WaitingFragment(Submission submission, long order, long since, int tries) {

  WaitingFragment again() {
    return new WaitingFragment(submission, order, since, tries + 1);
  }
}
