// The outputs, one file each, in the order in which they are written.
import { GatecrashError } from '../../kernel/errors.ts'
import type { ExitCode } from '../exit-codes.ts'
import type { FlagValues } from '../flags/flags.ts'
import { github } from './github.ts'
import { json } from './json.ts'
import { junit } from './junit.ts'
import type { OpenOutput, Output } from './output.ts'
import { say } from '../say.ts'
import { summary } from './summary.ts'
import { table } from './table.ts'

const rows: readonly OpenOutput[] = [table, junit, summary, github, json]

/** Those that the flags ask for. */
export async function openOutputs(values: FlagValues): Promise<Output[]> {
  const opened: Output[] = []
  for (const open of rows) {
    const output = await open(values)
    if (output) opened.push(output)
  }
  return opened
}

/** Writes them. A file that cannot be written is told, keeps none of the others from being written, and makes the result false. */
export async function endOutputs(outputs: readonly Output[], code: ExitCode): Promise<boolean> {
  let isWhole = true
  for (const output of outputs)
    try {
      await output.end(code)
    } catch (error) {
      if (!(error instanceof GatecrashError)) throw error
      say(error.message)
      isWhole = false
    }
  return isWhole
}
