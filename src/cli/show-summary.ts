// Where a summary goes: to standard error, for the person who looks on, and a copy to standard output where that goes into a file or a
// pipe, unless it holds JSON.
import { fstatSync } from 'node:fs'

/** The page that a summary is laid out for. */
export interface SummaryPage {
  colour: boolean
  /** Columns. */
  width: number
}

const WIDTH = 84

export function showSummary(render: (page: SummaryPage) => string, { json = false }: { json?: boolean }): void {
  const { stdout, stderr } = process
  stderr.write(render({ colour: stderr.hasColors?.() ?? false, width: stderr.columns ?? WIDTH }))
  if (!json && !stdout.isTTY && !isOneFile(stdout.fd, stderr.fd)) stdout.write(render({ colour: false, width: WIDTH }))
}

/** Whether both end in the same place, as after `2>&1`. */
function isOneFile(one: number, other: number): boolean {
  try {
    const [a, b] = [fstatSync(one), fstatSync(other)]
    return a.dev === b.dev && a.ino === b.ino
  } catch {
    return false
  }
}
