// What marks a request of a claim's probe, so that its fault hits it alone: a parameter of its query, and its x-request-id. Gateways hand on
// one of them, whatever else they change. The parameter looks like one of those that keep caches apart, and its value depends on the seed:
// no gateway can treat probes otherwise.
import { drawFor } from '../kernel/random.ts'

export const PROBE_PARAMETER = 'v'

/** Eight hexadecimal digits. `probe`: its name, as in `Hits`. */
export const probeMark = (seed: number, probe: string): string =>
  Math.floor(drawFor(seed, `probe/${probe}`, 0) * 2 ** 32)
    .toString(16)
    .padStart(8, '0')

/** Whether a request is of the probe with this mark. */
export function isMarked(mark: string, query: string, request: string): boolean {
  // Most carry none.
  return (query !== '' || request.includes(mark)) && marksIn(query, request).includes(mark)
}

/** The marks that a query and a request id carry; more than one where the client's own has such a parameter. */
export function marksIn(query: string, request: string): readonly string[] {
  const inQuery = query.includes(`${PROBE_PARAMETER}=`) ? new URLSearchParams(query).getAll(PROBE_PARAMETER) : []
  const inId = /p([0-9a-f]{8})-[0-9a-z]+$/.exec(request)?.[1]
  return inId === undefined ? inQuery : [...inQuery, inId]
}
