// What marks a request of a claim's probe, so that its fault hits it alone: a parameter of its query, which gateways hand on whatever else
// they change. It looks like one of those that keep caches apart, and its value depends on the seed: no gateway can treat probes otherwise.
import { drawFor } from '../kernel/random.ts'

export const PROBE_PARAMETER = 'v'

/** Eight hexadecimal digits. `probe`: its name, as in `Hits`. */
export const probeMark = (seed: number, probe: string): string =>
  Math.floor(drawFor(seed, `probe/${probe}`, 0) * 2 ** 32)
    .toString(16)
    .padStart(8, '0')

/** The marks that a query carries; more than one where the client's own has such a parameter. */
export const marksIn = (query: string): readonly string[] =>
  query.includes(`${PROBE_PARAMETER}=`) ? new URLSearchParams(query).getAll(PROBE_PARAMETER) : []
