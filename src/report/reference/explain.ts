// One entry of the reference, or all of their names, for a terminal.
import { GatecrashError } from '../../kernel/errors.ts'
import { suggest } from '../../kernel/validation.ts'
import { wrapped } from '../terminal/wrapped.ts'
import { type Entry, entries, families } from './entries.ts'

const MARGIN = 16
const WIDTH = 100

/**
 * What is known by this name: of a criterion, a claim, a fault, a check, a cause or a setting, or of all that one function writes.
 * @throws GatecrashError `usage` for a name that nothing has
 */
export function explain(asked: string): string {
  const all = entries()
  // A check's id names what it is about: fault_bit:F1.
  const [name = ''] = asked.replace(/^(?:faults|claims)\./, '').split(':')
  // A setting is of some upstream: gemini.breaker.recovery.
  const names = [name, name.replace(/^[\w-]+\./, '')]
  const found = all.filter((entry) => entry.name === name || entry.also.some((one) => names.includes(one)))
  if (found.length > 0) return found.map(told).join('\n\n')
  const known = [...new Set(all.map(({ name: own }) => own).concat(all.flatMap(({ also }) => also)))]
  const near = names.map((one) => suggest(one, known)).find((text) => text.startsWith('; did you mean')) ?? ';'
  throw new GatecrashError('usage', `nothing is called "${asked}"${near} gatecrash explain lists all names`)
}

/** The names, by family. */
export function explainable(): string {
  const all = entries()
  return (Object.keys(families) as Entry['family'][])
    .map((family) => {
      const own = all.filter((entry) => entry.family === family)
      const names = [...new Set(own.map((entry) => entry.written ?? entry.name))]
      return [families[family], ...names.map((name) => `  ${name}`)].join('\n')
    })
    .join('\n\n')
}

function told({ family, name, written, is, facts }: Entry): string {
  return [
    `${name} (${family})`,
    ...(written === undefined ? [] : hanging('written', written)),
    ...hanging(verbs[family], is),
    ...facts.flatMap(([label, text]) => hanging(label, text)),
  ].join('\n')
}

const verbs: Record<Entry['family'], string> = {
  criterion: 'demands',
  claim: 'stands for',
  fault: 'does',
  check: 'demands',
  cause: 'means',
  setting: 'is',
}

function hanging(label: string, text: string): string[] {
  return wrapped(text, WIDTH - MARGIN).map((part, at) => `  ${(at === 0 ? label : '').padEnd(MARGIN - 2)}${part}`)
}
