package babelmux.stsecho.drill;

/** A fault and the messages that it strikes. */
record FaultRule(RuleCondition condition, Fault fault) {}
