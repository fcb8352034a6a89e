// Bundles with something broken in them, drawn from a seed.
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Random } from '../../../../src/kernel/random.ts'
import { mutated } from '../../../run/bundle/mutated.ts'
import { lines, record } from '../../../run/bundle/whole-bundle.ts'

const RECORD = JSON.stringify(record)

/** Writes a bundle below `folder`, and returns how it is named. */
export function writeBrokenBundle(folder: string, random: Random): string {
  const draw = (bound: number): number => random.integer(bound)
  mkdirSync(folder)
  const [runJson, journal] = [join(folder, 'run.json'), join(folder, 'journal.ndjson')]
  writeFileSync(runJson, RECORD)
  writeFileSync(journal, `${lines.join('\n')}\n`)
  for (let times = 1 + draw(2); times > 0; times--) {
    const kind = draw(kinds.length)
    kinds[kind]!({ runJson, journal }, draw)
  }
  return folder
}

type Break = (files: { runJson: string; journal: string }, draw: (bound: number) => number) => void

const write = (path: string, text: string | Buffer): void => {
  rmSync(path, { recursive: true, force: true })
  writeFileSync(path, text)
}

const kinds: readonly Break[] = [
  ({ runJson }, draw) => write(runJson, mutated(RECORD, draw)),
  ({ runJson }, draw) => write(runJson, mutated(mutated(RECORD, draw), draw)),
  ({ runJson }, draw) => write(runJson, damaged(RECORD, draw)),
  ({ journal }, draw) => {
    const at = draw(lines.length)
    write(journal, `${lines.with(at, mutated(lines[at]!, draw)).join('\n')}\n`)
  },
  ({ journal }, draw) => write(journal, damaged(`${lines.join('\n')}\n`, draw)),
  // Whole lines in another order, twice, or none of them.
  ({ journal }, draw) => write(journal, `${lines.toSorted(() => draw(3) - 1).join('\n')}\n`),
  ({ journal }, draw) => write(journal, `${lines.flatMap((line) => (draw(4) === 0 ? [line, line] : [line])).join('\n')}\n`),
  ({ journal }, draw) => write(journal, `${lines.filter(() => draw(3) > 0).join('\n')}\n`),
  ({ journal }, draw) => write(journal, lines.slice(0, draw(lines.length)).join('\n')),
  ({ journal }) => write(journal, ''),
  ({ journal }) => rmSync(journal, { recursive: true, force: true }),
  ({ runJson }) => rmSync(runJson, { recursive: true, force: true }),
  ({ journal }) => {
    rmSync(journal, { recursive: true, force: true })
    mkdirSync(journal)
  },
  ({ runJson }) => {
    rmSync(runJson, { recursive: true, force: true })
    mkdirSync(runJson)
  },
  // What never ends.
  ({ journal }) => {
    rmSync(journal, { recursive: true, force: true })
    symlinkSync('/dev/zero', journal)
  },
  ({ runJson }) => {
    rmSync(runJson, { recursive: true, force: true })
    symlinkSync('/dev/zero', runJson)
  },
]

function damaged(text: string, draw: (bound: number) => number): Buffer {
  const bytes = Buffer.from(text)
  const at = draw(bytes.length)
  const kind = draw(4)
  if (kind === 0) return bytes.subarray(0, at)
  if (kind === 1) return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + draw(20))])
  if (kind === 2) return Buffer.concat([bytes.subarray(0, at), Buffer.from([draw(256), draw(256)]), bytes.subarray(at)])
  bytes[at] = draw(256)
  return bytes
}
