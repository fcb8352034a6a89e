// Everything that is wrong with one command line, collected so that it is told in one round.
import { GatecrashError } from '../kernel/errors.ts'
import { type ExitCode, exitCodeOfError, worst } from './exit-codes.ts'
import { annotateError } from './outputs/github.ts'
import { say } from './say.ts'

export interface Mistakes {
  add(errors: Iterable<GatecrashError>): void
  /** What `work` returns; undefined where it is refused, which is kept. A defect is thrown on. */
  during<Result>(work: () => Result | Promise<Result>): Promise<Result | undefined>
  /** How many there are so far. */
  count(): number
  /** Says all of them, each once. Returns the exit code; undefined where there is none. */
  tell(): ExitCode | undefined
}

export function collectMistakes(): Mistakes {
  const errors: GatecrashError[] = []
  return {
    add: (found) => void errors.push(...found),
    async during(work) {
      try {
        return await work()
      } catch (error) {
        if (!(error instanceof GatecrashError) || error.code === 'internal') throw error
        errors.push(error)
        return undefined
      }
    },
    count: () => errors.length,
    tell() {
      if (errors.length === 0) return undefined
      for (const text of new Set(errors.map(({ message }) => message))) {
        say(text)
        annotateError(text)
      }
      return worst(errors.map(({ code }) => exitCodeOfError[code]))
    },
  }
}
