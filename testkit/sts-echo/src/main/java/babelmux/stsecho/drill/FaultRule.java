package babelmux.stsecho.drill;

/** A fault and the messages that it hits. */
record FaultRule(RuleCondition condition, Fault fault) {}
