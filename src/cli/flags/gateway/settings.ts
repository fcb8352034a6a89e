// Settings by path, as `--set` and `--expect` take them: `gemini.breaker.failures=10`, or a JSON file with many of them.
import { readFileSync } from 'node:fs'
import { InvalidArgumentError } from 'commander'
import type { Overrides } from '../../../scenario/planning/plan-gateway.ts'
import { defineFlag, type Flag } from '../flag.ts'

/** What such flags share. */
export const settingsFlag = (row: Pick<Flag<Overrides>, 'flag' | 'text' | 'commands' | 'check'>): Flag<Overrides> =>
  defineFlag<Overrides>({
    ...row,
    repeatable: true,
    parse: (text, sofar) => ({ ...sofar, ...(text.includes('=') ? settingOf(text) : settingsIn(text)) }),
    default: {},
    repeat: 'changed',
    write: (settings) => Object.entries(settings).map(([path, value]) => settingText(path, value)),
    plan: (overrides) => (Object.keys(overrides).length === 0 ? {} : { overrides }),
  })

/** `gemini.breaker=none`: it has none. */
const NONE = 'none'

export const settingText = (path: string, value: unknown): string =>
  `${path}=${typeof value === 'string' ? value : (JSON.stringify(value) ?? NONE)}`

function settingOf(text: string): Overrides {
  const [, path = '', value = ''] = /^([^=]+)=(.*)$/s.exec(text) ?? []
  if (!/^[^.\s]+(?:\.[^.\s]+)+$/.test(path))
    throw new InvalidArgumentError('write UPSTREAM.POLICY.SETTING=VALUE, such as gemini.breaker.failures=10')
  return Object.fromEntries([[path, valueOf(value)]])
}

/** Numbers, lists and the like are JSON; anything else is text, such as 5s. */
function valueOf(text: string): unknown {
  if (text === NONE) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

export function settingsIn(file: string): Overrides {
  let settings: unknown
  try {
    settings = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    throw new InvalidArgumentError(`${file} cannot be read as JSON: ${(cause as Error).message}`)
  }
  if (!isGroup(settings)) throw new InvalidArgumentError(`${file} must hold an object, such as {"gemini": {"breaker": {"failures": 10}}}`)
  return Object.fromEntries(leaves(settings, []))
}

const isGroup = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)

function leaves(group: Record<string, unknown>, above: readonly string[]): [path: string, value: unknown][] {
  return Object.entries(group).flatMap(([name, value]): [string, unknown][] => {
    const path = [...above, name]
    return isGroup(value) ? leaves(value, path) : [[path.join('.'), value ?? undefined]]
  })
}
