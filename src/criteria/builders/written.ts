// What every criterion builder ends in: the criterion, and the place in the scenario file where its sentence ends.
import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { getCallSites } from 'node:util'
import { type Duration, parseDuration } from '../../kernel/duration.ts'
import { GatecrashError } from '../../kernel/errors.ts'
import type { Criterion } from '../criterion.ts'

/** A criterion as a scenario states it, for its `criteria`. */
export interface WrittenCriterion {
  criterion: Criterion
  /** Where it was written, for annotations; the file is relative to the working directory when it lies below it. */
  source: { file: string; line: number }
}

/** An upstream by its name, or anything that carries one. */
export type UpstreamRef = string | { readonly name: string }

/** A share of requests: '0.1%', or a number from 0 to 1. */
export type Share = string | number

const buildersFolder = new URL('.', import.meta.url).href

/** To be called by a builder's last step: the call site is the nearest one outside this folder. */
export function written(criterion: Criterion): WrittenCriterion {
  const caller = getCallSites(10).find((site) => !asUrl(site.scriptName).startsWith(buildersFolder))
  if (!caller) throw new GatecrashError('internal', 'a criterion was built without a caller')
  const path = caller.scriptName.startsWith('file:') ? fileURLToPath(caller.scriptName) : caller.scriptName
  const below = relative(process.cwd(), path)
  return { criterion, source: { file: below.startsWith('..') ? path : below, line: caller.lineNumber } }
}

export function nameOf(upstream: UpstreamRef): string {
  return typeof upstream === 'string' ? upstream : upstream.name
}

/** @throws GatecrashError `bad_duration` */
export function span(duration: Duration): number {
  return parseDuration(duration)
}

/** @throws GatecrashError `invalid_scenario` for anything but '0%' to '100%' or 0 to 1 */
export function share(text: Share): number {
  const percent = typeof text === 'string' ? /^\s*(\d+(?:\.\d+)?)\s*%\s*$/.exec(text)?.[1] : undefined
  // Through the decimal text: 0.1 / 100 is 0.001 only after rounding.
  const value = typeof text === 'number' ? text : percent === undefined ? Number.NaN : Number((Number(percent) / 100).toPrecision(12))
  if (value >= 0 && value <= 1) return value
  throw new GatecrashError(
    'invalid_scenario',
    `not a share: ${JSON.stringify(text)}; write a percentage such as "0.1%", or a number from 0 to 1`,
  )
}

/** An optional key is left out, not set to undefined: criteria are compared and stored as JSON. */
export function during(phases: readonly string[]): { during?: string[] } {
  return phases.length === 0 ? {} : { during: [...phases] }
}

const asUrl = (script: string): string => (script.startsWith('/') ? `file://${script}` : script)
