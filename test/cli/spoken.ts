// A command of the command line in this process: what it prints, and its exit code.
import type { Command } from 'commander'
import { vi } from 'vitest'
import type { ExitCode } from '../../src/cli/exit-codes.ts'

export interface Spoken {
  /** Undefined: it did not end by itself. */
  code: ExitCode | undefined
  stdout: string
  stderr: string
}

/** The streams stay caught until the test restores its mocks. */
export async function spoken(command: (exit: (code: ExitCode) => void) => Command, words: readonly string[]): Promise<Spoken> {
  const said = { stdout: '', stderr: '' }
  for (const stream of ['stdout', 'stderr'] as const)
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      said[stream] += String(text)
      return true
    })
  let code: ExitCode | undefined
  await command((given) => (code = given)).parseAsync([...words], { from: 'user' })
  return { code, ...said }
}
