package babelmux.worker.sts.link;

/** What the refusal of a fragment means for the session. */
enum Refusal {
  /** Nothing: the fragment was sent in a session that was replaced since. */
  OF_EARLIER_SESSION,
  /** Nothing more: the fragment is sent again or has fallen back. */
  SETTLED,
  /** A number in it is in doubt: it has to be restarted. */
  SESSION_IN_DOUBT
}
