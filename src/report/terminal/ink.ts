// Colours of the terminal, and ASCII in place of glyphs where they would not show.
import { styleText } from 'node:util'
import type { Mark } from '../result-marks.ts'
import { marks } from '../result-marks.ts'

export interface Ink {
  glyph: (mark: Mark) => string
  /** In the colour of a result, and bold. */
  verdict: (mark: Mark, text: string) => string
  faint: (text: string) => string
  strong: (text: string) => string
  /** The last step: replaces what an ASCII terminal cannot show. */
  finish: (text: string) => string
}

const colours = { pass: 'green', near_miss: 'yellow', warning: 'yellow', fail: 'red', inconclusive: 'magenta' } as const satisfies Record<
  Mark,
  string
>
const asciiGlyphs: Record<Mark, string> = { pass: '+', near_miss: '!', warning: 'w', fail: 'x', inconclusive: '?' }
const asciiFor: Record<string, string> = {
  '≤': '<=',
  '≥': '>=',
  '×': 'x',
  '−': '-',
  '–': '-',
  '—': '-',
  '→': '->',
  '·': '-',
  '…': '...',
  '∞': 'inf',
}

export function ink({ colour, ascii }: { colour: boolean; ascii: boolean }): Ink {
  // The caller knows its stream; styleText would look at stdout, where the summary does not go.
  const style = (format: Parameters<typeof styleText>[0], text: string): string =>
    colour ? styleText(format, text, { validateStream: false }) : text
  return {
    glyph: (mark) => style(colours[mark], ascii ? asciiGlyphs[mark] : marks[mark].glyph),
    verdict: (mark, text) => style(['bold', colours[mark]], text),
    faint: (text) => style('dim', text),
    strong: (text) => style('bold', text),
    finish: (text) => (ascii ? text.replaceAll(/\P{ASCII}/gu, (character) => asciiFor[character] ?? '?') : text),
  }
}
