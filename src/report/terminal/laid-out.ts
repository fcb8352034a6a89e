// Text beside a name in the margin, wrapped; and what is copied, which is neither wrapped nor changed.
import { plainText } from '../plain-text.ts'
import { wrapped } from './wrapped.ts'

const MARGIN = 10

// Longer than any sentence of a judge, so that only what came from outside is ever cut.
export const WHOLE = 1000

export const line = (name: string, text: string): string => name.padEnd(MARGIN) + text

/** A name in the margin, and the text beside it, wrapped. */
export function hanging(name: string, text: string, page: number): string[] {
  return indented(text, page, MARGIN).map((part, index) => (index === 0 ? name.padEnd(MARGIN) + part.trimStart() : part))
}

/** Wrapped, every line of it so many columns from the left. */
export function indented(text: string, page: number, columns: number): string[] {
  return wrapped(text, page - columns).map((part) => ' '.repeat(columns) + part)
}

/** A command as it is typed: a blank inside its quotes counts. */
export const asTyped = (command: string, longest = 4000): string => plainText(command, longest).replaceAll(/[\n\t]/g, ' ')
