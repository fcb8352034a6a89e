// The command line as a process: what nobody caught, output that nobody reads any more, and its end. The exit code is the verdict.
import type { ExitCode } from './exit-codes.ts'
import { runProgram, tellError } from './program.ts'
import { isUserCodes } from '../project/user-code/user-code.ts'

const outputs = [process.stdout, process.stderr]
let answered = false

/** Runs the command line, and ends this process with its exit code. */
export async function runAsProcess(args: readonly string[]): Promise<void> {
  // The reader of a pipe may end before the run does. The run goes on, and its exit code is still the verdict.
  for (const output of outputs)
    output.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  const crash = (error: unknown): void => {
    if (!isUserCodes(error)) end(tellError(error))
  }
  process.on('uncaughtException', crash)
  process.on('unhandledRejection', crash)
  // Node ends without an error when the program awaits a promise that nothing can settle.
  process.on('exit', (code) => {
    if (!answered && code === 70) process.stderr.write('ended without an answer: a scenario file awaits something that never comes\n')
  })
  const code = await runProgram(args)
  await Promise.all(outputs.map((output) => new Promise<void>((resolve) => output.write('', () => resolve()))))
  // At once: a timer or a socket that a scenario file left open would keep the process for ever.
  end(code)
}

function end(code: ExitCode): void {
  answered = true
  process.exit(code)
}
