// What a story about any upstream cannot do without, and which of the upstreams has it. What a fake answers is found by asking it.
import { own } from '../kernel/own.ts'
import type { Problem } from '../kernel/errors.ts'
import { suggest } from '../kernel/validation.ts'
import { type PlannedRoute, reaches } from '../plan/plan.ts'
import { type AnswerKind, answerKindOf } from '../upstreams/answer-kind.ts'
import { isUpstream } from '../upstreams/define.ts'

/** What the load asks, and of whom. */
interface Asked {
  upstreams: Readonly<Record<string, unknown>>
  mix: readonly PlannedRoute[]
}

interface Found {
  upstream: string
  /** Routes of its fake that give what is needed. */
  routes: string[]
}

const answered = (by: readonly AnswerKind[], remedy: string) => ({
  remedy,
  routes: (upstream: string, asked: Asked): string[] => routesAnswered(by, upstream, asked),
})

/** For each: the routes of the upstream's fake that give it, and what to do where no upstream has one. */
const needs = {
  streams: answered(['stream'], 'no route of the load is answered by an event stream; add one whose fake replies with `text/event-stream`'),
  bodies: answered(['stream', 'body'], 'no route of the load has a body in its answer; add one whose fake replies with a `body`'),
  neighbours: {
    remedy:
      'every route of the load reaches the same upstream, and the story is about its neighbours; add a route that reaches another one alone',
    routes: (upstream: string, { upstreams, mix }: Asked): string[] => {
      const hasNeighbour = Object.keys(upstreams).some(
        (other) => other !== upstream && mix.some((route) => reaches(route, other) && !reaches(route, upstream)),
      )
      return hasNeighbour ? [...new Set(askedRoutes(upstream, mix).map(({ name }) => name))] : []
    },
  },
} as const satisfies Record<string, { remedy: string; routes: (upstream: string, asked: Asked) => string[] }>

export type Need = keyof typeof needs
export const needNames = Object.keys(needs) as Need[]

/** The upstream that the story is about: the one that is `named`, else the first that has what is needed. Undefined with a problem. */
export function chooseUpstream(need: Need | undefined, asked: Asked, named: string | undefined, problems: Problem[]): Found | undefined {
  const names = Object.keys(asked.upstreams)
  if (named !== undefined && !names.includes(named)) {
    problems.push({ path: 'upstream', message: `unknown upstream "${named}"${suggest(named, names)}` })
    return undefined
  }
  const candidates = named === undefined ? names : [named]
  const [first = ''] = candidates
  if (need === undefined) return { upstream: first, routes: [] }
  const { remedy, routes } = needs[need]
  const found = candidates.map((upstream) => ({ upstream, routes: routes(upstream, asked) })).find((each) => each.routes.length > 0)
  if (!found) problems.push({ path: 'load.mix', message: named === undefined ? remedy : `${remedy} (asked of ${named} alone)` })
  return found
}

/** The routes of the upstream's fake that the load asks, each with the bodies it is asked with. */
function askedRoutes(upstream: string, mix: readonly PlannedRoute[]): { name: string; bodies: unknown[] }[] {
  return mix.flatMap((route) =>
    route.reaches.flatMap((reached) =>
      reached.upstream === upstream && reached.route !== undefined ? [{ name: reached.route, bodies: route.bodies }] : [],
    ),
  )
}

function routesAnswered(by: readonly AnswerKind[], name: string, { upstreams, mix }: Asked): string[] {
  const upstream = own(upstreams, name)
  // What is no fake of ours cannot be asked.
  if (!isUpstream(upstream)) return []
  const matching = askedRoutes(name, mix).filter((route) => by.includes(answerKindOf(upstream, route.name, route.bodies)))
  return [...new Set(matching.map((route) => route.name))]
}
