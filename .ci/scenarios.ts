// Which scenarios this commit's CI plays, a line each: gemini-outage, those that the last commits changed, and a quarter of the rest.
// Which of them depends on the commit, so that in time each is played; no more than a dozen, or a run would last too long.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import type { Scenario } from '../src/index.ts'

const ALWAYS = 'gemini-outage'
const LAST_COMMITS = 10
const MOST = 12

/** `changed`: paths that the last commits touched. */
export function chosen(names: readonly string[], commit: string, changed: readonly string[]): string[] {
  const touched = names.filter((name) => name !== ALWAYS && changed.includes(`scenarios/${name}.ts`))
  const rest = names.filter((name) => name !== ALWAYS && !touched.includes(name))
  const rank = (name: string): string => createHash('sha256').update(`${commit} ${name}`).digest('hex')
  const drawn = (some: readonly string[]): string[] => some.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1))
  const quarter = drawn(rest).slice(0, Math.ceil(rest.length / 4))
  return [ALWAYS, ...drawn(touched), ...quarter].slice(0, MOST)
}

if (import.meta.main) {
  const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8' })
  const names: string[] = []
  for (const file of readdirSync('scenarios').filter((each) => each.endsWith('.ts'))) {
    // What each scenario exports, as the command line reads it.
    const { default: found } = (await import(`../scenarios/${file}`)) as { default: Scenario }
    if (!found.input.tags?.includes('long')) names.push(found.name)
  }
  const changed = git('log', `-${LAST_COMMITS}`, '--name-only', '--format=').split('\n')
  console.log(chosen(names, git('rev-parse', 'HEAD').trim(), changed).join('\n'))
}
