// Text from outside (scenario names, error messages, details) may hold anything; here it is made safe to show.

// C0 and C1 controls but tab and newline, bidirectional overrides and isolates, lone surrogates, and the two non-characters
// that XML 1.0 forbids. A bidi override can make a verdict read backwards; a NUL breaks parsers.
const unfit = /(?![\t\n])\p{Cc}|[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFFFE\uFFFF]|\p{Surrogate}/gu

/** `text` without control characters, and no longer than `longest`. */
export function plainText(text: string, longest = 400): string {
  // Cut before cleaning, so that a megabyte is not scanned. Cleaning takes away less than half of a usual text.
  const clean = text.slice(0, longest * 2).replaceAll(unfit, '')
  return clean.length > longest || text.length > longest * 2 ? `${clean.slice(0, longest).replace(/\p{Surrogate}$/u, '')}…` : clean
}

/** The same on one line: for table cells, attributes and terminals. */
export function oneLine(text: string, longest = 400): string {
  return plainText(text, longest).replaceAll(/\s+/g, ' ').trim()
}
