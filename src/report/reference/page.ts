// The reference page, in Markdown: every criterion, claim, fault, check, cause and setting, from the tables that the program works by.
import { table } from '../markdown/markdown-text.ts'
import { type Entry, entries, families } from './entries.ts'

export function renderReference(): string {
  const all = entries()
  const sections = (Object.keys(families) as Entry['family'][]).map((family) => {
    const own = all.filter((entry) => entry.family === family)
    return `## ${families[family]}\n\n${layouts[family](own)}`
  })
  return `# Reference\n\n${OPENING}\n\n${sections.join('\n\n')}\n`
}

const OPENING = `Made from the tables by \`npm run reference\`. \`npx gatecrash explain NAME\` prints the same of one. The names are those of run.json and
verdict.json, and the functions that write them.`

const COMMON = `Any criterion is inconclusive where a check of the run did not hold, as far as that check touches it, and names the cause and a remedy. A criterion
passes only if a 95 % confidence bound lies inside its limit. The samples are those of a flawless gateway; one near its limit needs more.`

const CLAIMS =
  'A claim stands for criteria, and for probes that give them evidence. `npx gatecrash show SCENARIO` spells both out for a story.'

const SETTINGS =
  'As `reference({ … })`, `--set` and `--expect` take them. A policy that is not named is switched off, but for the timeouts.'

const layouts: Record<Entry['family'], (own: readonly Entry[]) => string> = {
  criterion: (own) => [COMMON, ...own.map(article)].join('\n\n'),
  claim: (own) => [CLAIMS, lines(own, ['claim', 'stands for'], (entry) => [coded(entry), cell(entry.is)])].join('\n\n'),
  fault: (own) =>
    lines(own, ['fault', 'does', 'hits', 'made by'], (entry) => [
      coded(entry),
      cell(entry.is),
      ...entry.facts.map(([, text]) => cell(text)),
    ]),
  check: (own) =>
    lines(own, ['check', 'demands', 'otherwise', 'remedy'], (entry) => [
      coded(entry),
      cell(entry.is),
      ...entry.facts.map(([, text]) => cell(text)),
    ]),
  cause: (own) =>
    lines(own, ['cause', 'means', 'of', 'remedy'], (entry) => [coded(entry), cell(entry.is), fact(entry, 'of'), fact(entry, 'remedy')]),
  setting: (own) =>
    [
      SETTINGS,
      lines(own, ['setting', 'default', 'is'], (entry) => [
        coded(entry),
        fact(entry, 'default') && `\`${fact(entry, 'default')}\``,
        cell(entry.is),
      ]),
    ].join('\n\n'),
}

function article(entry: Entry): string {
  const facts = entry.facts.map(([label, text]) => `- **${label}:** ${text}`)
  return [`### \`${entry.name}\``, `\`${entry.written}\``, entry.is, facts.join('\n')].join('\n\n')
}

function lines(own: readonly Entry[], names: readonly string[], cells: (entry: Entry) => string[]): string {
  return table(
    names.map((name) => ({ name })),
    own.map((entry) => cells(entry)),
  )
}

const coded = ({ written, name }: Entry): string => `\`${cell(written ?? name)}\``
const fact = ({ facts }: Entry, wanted: string): string => cell(facts.find(([label]) => label === wanted)?.[1] ?? '')
const cell = (text: string): string => text.replaceAll('|', String.raw`\|`)
