// Commands that a remedy names, in the form in which the run was started: the run again, with a flag changed, and `doctor`.
import type { Case } from '../../criteria/finding/raw-finding.ts'

type Started = Pick<Case, 'plan' | 'command'>

/** Flags of `run` that a remedy may set. */
export type RemedyFlag = '--rate' | '--repeat' | '--observe' | '--toxiproxy'

/** The command that started the run; `flag` is set to `value` in it. */
export function again(run: Started, flag?: RemedyFlag, value?: string | number): string {
  const words = wordsOf(run)
  if (flag === undefined) return words.join(' ')
  const at = words.indexOf(flag)
  const rest = at < 0 ? words : words.toSpliced(at, 2)
  return [...rest, flag, String(value)].join(' ')
}

/** The run again at half of its rate. */
export const atHalfRate = (run: Started): string => again(run, '--rate', Math.max(1, Math.floor(highestRate(run) / 2)))

export const atTwiceTheRate = (run: Started): string => again(run, '--rate', Math.ceil(2 * highestRate(run)))

/** The command that measures the highest rate that this machine sends cleanly. */
export function doctor(run: Started): string {
  const words = wordsOf(run)
  if (words.slice(0, 3).join(' ') === 'npm run scenario') return 'npm run gatecrash -- doctor'
  return [...words.slice(0, words.indexOf('run')), 'doctor'].join(' ')
}

/** Whether the run was started with this flag. */
export const wasGiven = (run: Started, flag: RemedyFlag): boolean => wordsOf(run).includes(flag)

/** A part of the scenario, and the file that it stands in. */
export const placed = ({ plan }: Started, part: string): string => `${part} in ${plan.source}`

const highestRate = ({ plan }: Started): number =>
  Math.max(1, ...plan.load.rate.flatMap(({ startPerSecond, endPerSecond }) => [startPerSecond, endPerSecond]))

/** A word of a shell, quotes included: a flag inside quotes is another program's. */
const word = /(?:\\.|'[^']*'|"(?:\\.|[^"\\])*"|[^\s'"\\])+/g

function wordsOf({ plan, command = `npx gatecrash run ${plan.scenario} --seed ${plan.seed}` }: Started): string[] {
  return command.match(word) ?? []
}
