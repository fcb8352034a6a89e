// Workflow commands of GitHub Actions: lines that its runner obeys. What a command says may hold anything.
//
//   ::error file=scenarios/gemini-outage.ts,line=31,title=gemini-outage C1::p95 was 2.004 s …%0AMeasured …
import { oneLine, plainText } from '../plain-text.ts'

export interface Annotation {
  level: 'error' | 'warning'
  title: string
  /** May hold several lines. */
  message: string
  /** `file` is relative to the root of the repository. */
  place?: { file: string; line: number } | undefined
}

export function annotationCommand({ level, title, message, place }: Annotation): string {
  const at = place === undefined ? [] : [`file=${property(place.file)}`, `line=${place.line}`]
  return `::${level} ${[...at, `title=${property(title)}`].join(',')}::${data(message)}`
}

/** As the runner's own library escapes it (actions/toolkit:packages/core/src/command.ts). */
const data = (text: string): string => escaped(plainText(text, 4000))
const property = (text: string): string => escaped(oneLine(text, 500)).replaceAll(':', '%3A').replaceAll(',', '%2C')

const escaped = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
