// What scenario files and fake upstreams are written with.
export { amplification, breaker, errorRate, fastFail, goodput, p50, p95, p99, unharmed, unsafeRetries } from './criteria/builders.ts'
export { builders as criteria } from './criteria/criteria.ts'
export { defineCriterion } from './criteria/custom.ts'
export {
  blackhole,
  cut,
  disconnect,
  disconnectMidBody,
  drip,
  halfOpen,
  hang,
  latency,
  malformed,
  packetLoss,
  resets,
  sharedLink,
  shortLived,
  slowLink,
  slowNetwork,
  stall,
  status,
  toxic,
  truncated,
  unsteadyNetwork,
} from './scenario/faults.ts'
export { perSecond, ramp, request } from './scenario/load.ts'
export { atRate, flapping, phase, warmUp } from './scenario/phases.ts'
export { reference, scenario, times } from './scenario/scenario.ts'
export { serveAlone } from './upstreams/serve-alone.ts'
export { defineUpstream } from './upstreams/define.ts'
