// Where the command line writes: what people read on standard error, data on standard output. Whatever in it is not ours is made safe.
import { plainJson, plainLines } from '../report/plain-text.ts'

/** Lines for people, on standard error. */
export function say(text: string): void {
  process.stderr.write(`${plainLines(text)}\n`)
}

/** Lines that were asked for, on standard output. */
export function print(text: string): void {
  process.stdout.write(`${plainLines(text)}\n`)
}

/** JSON on standard output: one value, indented. */
export function printJson(value: unknown): void {
  process.stdout.write(`${plainJson(value)}\n`)
}
