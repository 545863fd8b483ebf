package babelmux.worker.api;

/** Kinds of endpoints by who is answered; {@link AccessRules} decides. */
enum Access {
  /** Everybody, always. */
  OPEN,
  /** Whoever has the token where api.token is set, else whoever reaches the port. */
  READ,
  /** Those who may write: it shows more than everyone may see, or costs more. */
  PROTECTED,
  /** It changes something: by token, or by address; never for a web page of another site. */
  WRITE,
  /** It opens or ends a session: as WRITE, but without a token beforehand. */
  SESSION
}
