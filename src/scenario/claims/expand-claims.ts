// From the claims of a scenario to what they stand for: probes with their phases and routes, and criteria.
import { isDeepStrictEqual } from 'node:util'
import type { WrittenCriterion } from '../../criteria/writing/call-site.ts'
import type { Problem } from '../../kernel/errors.ts'
import { own } from '../../kernel/own.ts'
import { check, shown, suggest } from '../../kernel/validation.ts'
import type { PlannedClaim, PlannedRoute } from '../../plan/plan.ts'
import type { UpstreamPolicies } from '../../policies/settings.ts'
import type { Story, WantedProbes, WrittenClaim } from './claim.ts'
import { claimKinds, claimTypeOf } from './claims.ts'
import { type SentProbe, apartOf, settleOf, timesOf } from './probes/probe-phases.ts'
import { probeOf, templateFor } from './probes/probes.ts'

/** Adds a problem for each claim that is none, or that names what the scenario does not have. */
export function checkClaims(
  written: readonly WrittenClaim[],
  { upstreams, phases }: { upstreams: string[]; phases: string[] },
  problems: Problem[],
): void {
  for (const [at, { claim }] of written.entries()) {
    const path = `claims[${at}]`
    const type = claimTypeOf(claim)
    if (!type) {
      problems.push({ path, message: `unknown claim ${shown(claim.kind)}${suggest(claim.kind, claimKinds)}` })
      continue
    }
    if (check(type.schema, claim, path, problems) === undefined) continue
    for (const name of type.upstreams(claim))
      if (!upstreams.includes(name))
        problems.push({ path: `${path}.upstream`, message: `unknown upstream ${shown(name)}${suggest(name, upstreams)}` })
    for (const name of type.phases(claim))
      if (!phases.includes(name)) problems.push({ path: `${path}.in`, message: `unknown phase ${shown(name)}${suggest(name, phases)}` })
  }
}

/**
 * The probes that all claims together want, each once, as often as either settings need. Left out are those that show nothing of an upstream
 * with these settings or with the `asked` ones, and those for which the mix has no route to ask like.
 */
export function probesFor(
  written: readonly WrittenClaim[],
  mix: readonly PlannedRoute[],
  policies: Readonly<Record<string, UpstreamPolicies>>,
  asked = policies,
): SentProbe[] {
  const sent: SentProbe[] = []
  for (const { upstream, names } of written.flatMap(({ claim }) => claimTypeOf(claim)?.probes(claim) ?? []))
    for (const name of names) {
      const settings = own(policies, upstream) ?? {}
      const both = [settings, own(asked, upstream) ?? {}]
      if (both.some((each) => probeOf(name).unfit?.(each) !== undefined)) continue
      const template = templateFor(name, upstream, mix)
      const isSent = sent.some((probe) => probe.name === name && probe.upstream === upstream)
      if (!template || isSent) continue
      const most = (of: typeof apartOf): number => Math.max(...both.map((each) => of(name, each)))
      const settle = Math.max(...both.map((each) => settleOf(each)))
      sent.push({ name, upstream, template, times: most(timesOf), apart: most(apartOf), settle })
    }
  return sent
}

/** A criterion with the ids of the claims that ask for it. */
export interface ClaimedCriterion extends Omit<WrittenCriterion, 'warn'> {
  claims: string[]
}

/** The claims as planned, and their criteria, each once. */
export function expandClaims(written: readonly WrittenClaim[], story: Story): { claims: PlannedClaim[]; criteria: ClaimedCriterion[] } {
  const criteria: ClaimedCriterion[] = []
  const claims = written.flatMap(({ claim, source }, at): PlannedClaim[] => {
    const type = claimTypeOf(claim)
    if (!type) return []
    const id = `A${at + 1}`
    for (const { criterion, severity } of type.criteria(claim, story)) {
      const known = criteria.find((each) => isDeepStrictEqual(each.criterion, criterion))
      if (known) known.claims.push(id)
      else criteria.push({ criterion, ...(severity && { severity }), ...(source && { source }), claims: [id] })
    }
    const unasked = [...type.probes(claim).flatMap((wanted) => unsent(wanted, story)), ...(type.unasked?.(claim, story) ?? [])]
    return [{ id, claim, sentence: type.sentence(claim), unasked }]
  })
  return { claims, criteria }
}

function unsent({ upstream, names }: WantedProbes, { sent, policies }: Story): string[] {
  return names
    .filter((name) => !sent.some((probe) => probe.name === name && probe.upstream === upstream))
    .map((name) => {
      const probe = probeOf(name)
      const { words, like } = probe
      const reason = probe.unfit?.(own(policies, upstream) ?? {})
      if (reason !== undefined) return `${words}: ${reason}`
      return `${words}: the mix has no ${like === 'safe' ? 'GET' : 'POST'} for ${upstream} alone`
    })
}
