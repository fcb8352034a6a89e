import { readFileSync } from 'node:fs'

/** Whether the process still runs: an ended one whose new parent has not yet asked for its exit code does not count. */
export function isAlive(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name before the state may hold anything but ends with the last parenthesis.
    return !/^\) [ZX]/.test(stat.slice(stat.lastIndexOf(')')))
  } catch {
    return false
  }
}
