// Requests of some phases and those of a quiet one, each route beside itself: one that is only asked in one of the two would make a
// difference that nobody feels.
import type { RequestCell } from '../../evidence/fold/requests.ts'
import { countIn } from './scope.ts'

export interface RoutePair {
  routes: string[]
  now: RequestCell[]
  before: RequestCell[]
}

/** One pair for each route that ended ok at least `needed` times on both sides. Routes with fewer are taken together. */
export function routePairs(now: readonly RequestCell[], before: readonly RequestCell[], needed: number): RoutePair[] {
  const asked = [...new Set(now.map(({ route }) => route))].filter((name) => before.some(({ route }) => route === name))
  const single = asked.map((name) => pairOf([name], now, before)).toSorted((a, b) => samplesOf(a) - samplesOf(b))
  const pairs: RoutePair[] = []
  let thin: string[] = []
  for (const { routes } of single) {
    const pair = pairOf([...thin, ...routes], now, before)
    thin = samplesOf(pair) < needed ? pair.routes : []
    if (thin.length === 0) pairs.push(pair)
  }
  // Only reached with no pair at all: routes come with their samples growing.
  if (thin.length > 0 && pairs.length === 0) pairs.push(pairOf(thin, now, before))
  return pairs
}

function pairOf(routes: string[], now: readonly RequestCell[], before: readonly RequestCell[]): RoutePair {
  const among = (cells: readonly RequestCell[]): RequestCell[] => cells.filter(({ route }) => routes.includes(route))
  return { routes, now: among(now), before: among(before) }
}

const samplesOf = ({ now, before }: RoutePair): number => Math.min(countIn(now, ['ok']), countIn(before, ['ok']))
