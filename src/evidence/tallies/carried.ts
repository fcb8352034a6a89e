// Whether answers carried what criteria ask of them, as the load saw it: a header, or JSON of a shape.
import type { Outcome } from '../../contract/outcome.ts'
import type { RequestEvent } from '../events.ts'
import { type Seen, earliest, traceTally } from './trace-tally.ts'

export interface CarriedCell {
  /** The phase in which the requests were due. */
  phase: string
  route: string
  outcome: Outcome
  /** Which demand, as the load names it. */
  key: string
  carrying: number
  lacking: number
  firstLacking: Seen | null
}

export const carried = traceTally<'carried', CarriedCell>({
  evidence: 'carried',
  open({ plan, origin }) {
    const cells = new Map<string, CarriedCell>()
    const count = (request: RequestEvent, phase: string, key: string, isCarried: boolean): void => {
      const { route, outcome, id, t, status } = request
      const place = JSON.stringify([phase, route, outcome, key])
      let cell = cells.get(place)
      if (!cell) cells.set(place, (cell = { phase, route, outcome, key, carrying: 0, lacking: 0, firstLacking: null }))
      if (isCarried) cell.carrying++
      else {
        cell.lacking++
        cell.firstLacking = earliest(cell.firstLacking, { request: id, atMs: t - origin, what: `${outcome} with status ${status}` })
      }
    }
    return {
      trace({ request, phase }) {
        if (!request) return
        const name = plan.phases[phase]?.name ?? ''
        for (const key of request.carries ?? []) count(request, name, key, true)
        for (const key of request.lacks ?? []) count(request, name, key, false)
      },
      result: () => [...cells].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, cell]) => cell),
    }
  },
  key: ({ phase, route, outcome, key }) => JSON.stringify([phase, route, outcome, key]),
  merge: (a, b) => ({
    ...a,
    carrying: a.carrying + b.carrying,
    lacking: a.lacking + b.lacking,
    firstLacking: earliest(a.firstLacking, b.firstLacking),
  }),
})
