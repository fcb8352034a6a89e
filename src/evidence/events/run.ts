// Once, when the load is about to begin. Only process, health and note lines come before it.
import { defineJoined, exactly, number, text } from './event.ts'

export const run = defineJoined({
  schemaVersion: exactly(2),
  scenario: text,
  seed: number,
  /** Prefix of this run's request ids. */
  run: text,
  /** Monotonic time of load start: `t - origin` is the plan's time. */
  origin: number,
  /** Wall-clock time of `origin`, ISO 8601 UTC. */
  startedAt: text,
})
