// Values that several flags take, read or refused with a line that says what to write.
import { InvalidArgumentError } from 'commander'
import type { Ms } from '../../kernel/clock.ts'
import { parseDuration } from '../../kernel/duration.ts'

/** `30s`, in milliseconds. */
export function duration(text: string): Ms {
  try {
    return parseDuration(text)
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message)
  }
}

/** A whole number from `least` to `most`. */
export function integer(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text)
    if (/^\d+$/.test(text) && value >= least && value <= most) return value
    throw new InvalidArgumentError(
      most < Number.MAX_SAFE_INTEGER ? `give a whole number from ${least} to ${most}` : `give a whole number from ${least} on`,
    )
  }
}

/** The path of a file to write. */
export function filePath(text: string): string {
  if (text.trim() === '' || /[/\\]$/.test(text)) throw new InvalidArgumentError('give the name of a file')
  return text
}
