// The outputs, one file each, in the order in which they are written.
import type { FlagValues } from '../flags/flags.ts'
import { github } from './github.ts'
import { json } from './json.ts'
import type { OpenOutput, Output } from './output.ts'
import { table } from './table.ts'

const outputs: readonly OpenOutput[] = [table, github, json]

/** Those that the flags ask for. */
export async function openOutputs(values: FlagValues): Promise<Output[]> {
  const opened: Output[] = []
  for (const open of outputs) {
    const output = await open(values)
    if (output) opened.push(output)
  }
  return opened
}
