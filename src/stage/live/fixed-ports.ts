// Where the upstreams of a gateway that is already running are offered: it cannot be told, so its configuration names these ports.

const FIRST = 9201

/** A port for each upstream, in the plan's order. */
export function fixedPorts({ upstreams }: { upstreams: object }): Record<string, number> {
  return Object.fromEntries(Object.keys(upstreams).map((name, at) => [name, FIRST + at]))
}
