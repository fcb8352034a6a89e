// Text that is not ours (names, causes, errors, notes, last words of processes, whatever a bundle from elsewhere holds) may hold
// anything. Here it is made safe to show: on a terminal, in the log of a CI system, on a page, in XML.

// C0 and C1 controls but tab and newline, bidirectional marks, overrides and isolates, line and paragraph separators, lone surrogates,
// and the two non-characters that XML 1.0 forbids. A bidi override can make a verdict read backwards; a NUL breaks parsers.
const unfit = /(?![\t\n])\p{Cc}|[\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFFFE\uFFFF]|\p{Surrogate}/gu

// What a CI system would obey: `::error …` at the beginning of a line (GitHub, which skips blanks before it), `##[error]…` and
// `##vso[…]` anywhere in a line (GitHub, Azure Pipelines). The same at a blank, where text may be wrapped.
const lineCommand = /(?<=^|\s)::(?=[a-z][\w-]*(?:\s|::|$))/gim
const inlineCommand = /##(?=\[|vso\[)/gi

/** `text` without control characters and CI commands, and no longer than `longest`. */
export function plainText(text: string, longest = 400): string {
  // Cut before cleaning, so that a megabyte is not scanned. Cleaning takes away less than half of a usual text.
  const clean = harmless(text.slice(0, longest * 2))
  return clean.length > longest || text.length > longest * 2 ? `${cut(clean, longest)}…` : clean
}

/** The same on one line: for table cells, attributes and terminals. */
export function oneLine(text: string, longest = 400): string {
  return plainText(text, longest).replaceAll(/\s+/g, ' ').trim()
}

/** A message of several lines, such as a table of problems, at its full length. */
export function plainLines(text: string): string {
  return plainText(text, 20_000)
}

/** A document that we have laid out, such as a page: what is unfit in it came from outside. */
export function plainDocument(text: string): string {
  return text.replaceAll(unfit, '')
}

/** JSON for a terminal: the same value for every parser, and nothing in it that a terminal or a CI system would obey. */
export function plainJson(value: unknown): string {
  return JSON.stringify(value, undefined, 2)
    .replaceAll(unfit, (character) => Array.from({ length: character.length }, (_, at) => escaped(character.charCodeAt(at))).join(''))
    .replaceAll(inlineCommand, String.raw`\u0023\u0023`)
}

/** Before a word, unless the word is very long: most likely a path, or no word at all. */
function cut(text: string, longest: number): string {
  const kept = text.slice(0, longest).replace(/\p{Surrogate}$/u, '')
  return /^\s/.test(text.slice(longest)) ? kept : kept.replace(/(?<=\S)\s+\S{0,40}$/, '')
}

function harmless(text: string): string {
  return text.replaceAll('\r\n', '\n').replaceAll(unfit, '').replaceAll(lineCommand, ': :').replaceAll(inlineCommand, '# #')
}

function escaped(code: number): string {
  return `\\u${code.toString(16).padStart(4, '0')}`
}
