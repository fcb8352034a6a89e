// Defects that the tables of issue 10 know and that `npm run sabotage` does not plant by their own id, each with why.

/** Planted under another id, or in another gateway. */
export const plantedAs: Readonly<Record<string, string>> = {
  M21: 'opossum:one-breaker-for-all',
  M36: 'gobreaker:no-timeout',
  M43: 'S01',
  M47: 'opossum:errors-as-200',
  J1: 'gobreaker:cut-bodies-pass',
  J6: 'opossum:one-breaker-for-all',
}

const NOBODY_ASKS = 'no criterion asks about it'

export const unplanted: Readonly<Record<string, string>> = {
  M02: 'one failure more or less is a matter of milliseconds; test/mutation/mutants.ts plants it for the unit tests',
  M05: 'the retry of a probe asks an open breaker, which refuses it: no attempt more arrives',
  M06: 'it takes an upstream that answers one probe well and fails at the next; test/mutation/mutants.ts plants it for the unit tests',
  M15: `recoversAfter() bounds each wait by itself; how waits grow, ${NOBODY_ASKS}`,
  M16: 'it takes many gateways to see that they all probe at once',
  M17: 'it takes a pause of the load that is longer than the window, and good answers in between reset it',
  M24: 'the gateway cannot: what it has handed on is out of its reach; test/policies/streams.test.ts',
  M25: `what bodies attempts carry is recorded, and ${NOBODY_ASKS}`,
  M28: 'it takes minutes until a budget that never fills is empty',
  M29: `retries in step are no more than others, and ${NOBODY_ASKS}`,
  M30: `spacedAtLeast() asks for the shortest wait; for the longest, ${NOBODY_ASKS}`,
  M33: 'it delays the calls alone that were under way when the breaker opened: too few for any percentile',
  M34: 'it takes clients that leave between two attempts; test/mutation/mutants.ts plants it for the unit tests',
  M35: 'a timer that is left behind does nothing that a client or an upstream could see',
  M37: 'the gateway cannot: each attempt has a timer of its own; test/gateway/upstream/deadlines.test.ts',
  M39: 'the gateway cannot: undici frees the connection of a body that is dropped',
  M42: 'the upstream sees an attempt that was given up end at once, whether or not its place was given back before',
  M44: `how exact a limiter is, ${NOBODY_ASKS}`,
  M45: `how exact a limiter is, ${NOBODY_ASKS}`,
  M46: `how exact a limiter is, ${NOBODY_ASKS}`,
  M50: `that an error of the client's stays one, ${NOBODY_ASKS}`,
  M51: 'it takes a step of the wall clock',
  M52: 'it takes 25 days',
  M53: 'the harness reads transitions, and no gauge',
  M54: 'the harness asks whether the gateway is ready when it starts, and never again',
  M55: 'the harness sends no body that is too long; test/contract/gateway',
  M56: 'the gateway has no queue of failed writes',
  M57: 'the harness resets no breaker',
  M58: 'each upstream has a budget of its own; a shared one takes a fault on one and errors of another',
  M59: 'a bulkhead admits what waits, and S01 takes it away',
  J5: 'of the inference, and no gateway: test/criteria/measure/breaker/simulated-traffic.test.ts',
  J10: 'seven defects at once, and each of them is planted alone',
  J12: 'of the harness, and no gateway: test/criteria/breaker/opens-within.test.ts',
  J13: 'of the harness, and no gateway: test/criteria/measure/gaps/missing.test.ts',
}
