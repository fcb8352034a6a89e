// What `doctor` measured of this machine, kept beside the runs: a run whose load is above it says so before it starts.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus } from 'node:os'
import { join } from 'node:path'
import * as z from 'zod'
import { count } from '../../kernel/wording.ts'
import type { Plan } from '../../plan/plan.ts'
import { jsonOrUndefined } from '../../run/bundle/record.ts'
import type { Measured } from './measure.ts'

const shape = z.object({ machine: z.string(), cleanPerSecond: z.number() })

const fileIn = (out: string): string => join(out, 'machine.json')

/** A folder of runs may be carried to another machine, where the figures say nothing. */
const thisMachine = (): string => `${cpus()[0]?.model ?? 'unknown'}, ${availableParallelism()} cores`

export async function keepMeasured(out: string, { cleanPerSecond }: Measured): Promise<void> {
  await mkdir(out, { recursive: true })
  await writeFile(fileIn(out), `${JSON.stringify({ machine: thisMachine(), cleanPerSecond })}\n`)
}

/** That a plan asks for more than this machine was found fit for; undefined when it does not, or when nothing is known. */
export async function warningFor(plan: Plan, out: string): Promise<string | undefined> {
  const text = await readFile(fileIn(out), 'utf8').catch(() => '')
  const measured = shape.safeParse(jsonOrUndefined(text)).data
  if (!measured || measured.machine !== thisMachine()) return undefined
  const peak = Math.max(...plan.load.rate.flatMap(({ startPerSecond, endPerSecond }) => [startPerSecond, endPerSecond]))
  if (peak <= measured.cleanPerSecond) return undefined
  return `${plan.scenario} sends up to ${count(peak)}/s; doctor found this machine clean up to ${count(measured.cleanPerSecond)}/s, so latency may be inconclusive`
}
