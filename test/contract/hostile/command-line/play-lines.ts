// Runs each command line that it is given, in one process, and writes down what came of each: one JSON line a command line, so that the
// one that never ends, or that ends the process, is known.
import { appendFileSync, readFileSync } from 'node:fs'
import { argv } from 'node:process'
import { runProgram } from '../../../../src/cli/program.ts'
import { isUserCodes } from '../../../../src/project/user-code/user-code.ts'
import { realClock } from '../../../../src/kernel/clock.ts'

export interface Came {
  code: number
  tookMs: number
  /** What it printed: the beginning and the end. */
  told: string
}

const [, , linesFile = '', cameFile = ''] = argv
let told = ''
const take = (text: unknown, ...rest: unknown[]): boolean => {
  told += String(text)
  const done = rest.at(-1)
  if (typeof done === 'function') done()
  return true
}
process.stdout.write = take
process.stderr.write = take
const late = (error: unknown): void => {
  if (!isUserCodes(error)) told += `thrown late: ${String((error as Error).stack)}`
}
process.on('uncaughtException', late)
process.on('unhandledRejection', late)

for (const args of JSON.parse(readFileSync(linesFile, 'utf8')) as string[][]) {
  told = ''
  const began = realClock.now()
  const code = await runProgram(args)
  const came: Came = { code, tookMs: realClock.now() - began, told: told.slice(0, 1000) + told.slice(1000).slice(-1000) }
  appendFileSync(cameFile, `${JSON.stringify(came)}\n`)
}
