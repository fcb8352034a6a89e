// Where the upstreams of a gateway that is already running are offered: it cannot be told, so its configuration names these ports.
import type { Plan } from '../../plan/plan.ts'

const FIRST = 9201

/** A port for each upstream, in the plan's order. */
export function fixedPorts({ upstreams }: Plan): Record<string, number> {
  return Object.fromEntries(Object.keys(upstreams).map((name, at) => [name, FIRST + at]))
}
