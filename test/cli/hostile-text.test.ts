// Text that is not ours, through every place where it is shown: nothing in it may move a cursor, begin a line of its own, command a
// CI system or break a parser.
import { PassThrough } from 'node:stream'
import { create } from 'xmlbuilder2'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { type ProgressEvent, createProgressView } from '../../src/cli/progress.ts'
import { print, printJson, say } from '../../src/cli/say.ts'
import { renderHtml } from '../../src/report/html/page.ts'
import { renderJunit } from '../../src/report/junit.ts'
import { renderMarkdown } from '../../src/report/markdown/summary.ts'
import { oneLine, plainJson, plainLines } from '../../src/report/plain-text.ts'
import { renderSummary } from '../../src/report/terminal/summary.ts'
import { evidence, plan, record } from '../report/reference-run.ts'
import { tooFew, tooSlow, verdict } from '../report/verdicts.ts'

const hostile: [name: string, text: string][] = [
  ['a colour', 'a \u001B[31mred\u001B[0m'],
  ['a cleared screen', 'a \u001B[2J\u001B[H'],
  ['a window title', 'a \u001B]0;owned\u0007'],
  ['a link', 'a \u001B]8;;http://evil.example\u001B\\click\u001B]8;;\u001B\\'],
  ['C1 controls', 'a \u009B31m \u0085 \u0090q'],
  ['a NUL, a bell and a backspace', 'a \0 \u0007 \b\b\b'],
  ['a carriage return', 'failed\rpassed'],
  ['line breaks', 'a\nPASS all 9 passed\r\nb'],
  ['a paragraph separator', 'a \u2028 b \u2029 c'],
  ['an override of direction', 'a \u202E gnp.exe \u2066 \u200F'],
  ['a command of GitHub', '::error file=a.ts,line=1::owned'],
  ['a command of GitHub on a line of its own', 'a\n::set-output name=a::b'],
  ['a command of GitHub after blanks', 'a\n   ::add-mask::b'],
  ['a command of GitHub where a line may be wrapped', `${'word '.repeat(30)}::stop-commands::x ${'word '.repeat(30)}`],
  ['an older command of GitHub', 'a ##[error]owned'],
  ['a command of Azure', 'a ##vso[task.setvariable variable=a]b'],
  ['a command of Azure in capitals', '##VSO[task.complete result=Succeeded]'],
  ['markup', '</failure><script>alert(1)</script>"\'&]]>'],
  ['what XML forbids', 'a \uFFFE \uFFFF \u000B \u000C'],
  ['halves of characters', 'a \uD800 b \uDC00'],
]

const shownEverywhere = (text: string): Record<string, string> => {
  const evil = text
  const judged = {
    record: {
      ...record,
      command: evil,
      startedAt: evil,
      endedAt: evil,
      tool: { name: evil, version: evil, node: evil },
      gateway: { kind: 'command' as const, command: evil },
    },
    evidence: {
      ...evidence(),
      transitions: evidence().transitions.map((each) => Object.assign(each, { upstream: evil, cause: evil })),
      notes: [{ atMs: 1, code: 'gap' as const, text: evil }],
    },
    verdict: {
      ...verdict([
        { ...tooSlow, id: evil, sentence: evil, why: evil, cause: evil, source: { file: evil, line: 1 } },
        { ...tooFew, why: evil },
      ] as (typeof tooSlow)[]),
      scenario: evil,
      settings: evil,
      validity: [{ id: evil, sentence: evil, remedy: evil, ok: false, measured: 1, bound: 0, unit: 'count', bias: 'blind' as const }],
    },
  } as unknown as Parameters<typeof renderHtml>[0]
  return {
    summary: renderSummary({ ...judged, reportPath: evil }),
    progress: progress(evil),
    errors: written(() => say(`scenarios/x.ts: 1 problem\n  name  ${evil}`)),
    output: written(() => print(`x  never run  ${oneLine(evil)}`)),
    html: renderHtml(judged),
    junit: renderJunit(judged),
    markdown: renderMarkdown([{ scenario: evil, runs: [{ is: 'judged', seed: 1, folder: evil, reportPath: evil, ...judged }] }]),
    json: written(() => printJson({ why: evil })),
  }
}

function progress(evil: string): string {
  const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY: false, columns: 80, rows: 40 })
  let text = ''
  stream.on('data', (part: string) => (text += part))
  // A view uses no more of a terminal than this.
  using view = createProgressView({ ...plan, scenario: evil }, stream as unknown as NodeJS.WriteStream)
  const events: ProgressEvent[] = [
    { type: 'run', t: 0, schemaVersion: 2, scenario: evil, seed: 1, run: 'x', origin: 0, startedAt: evil },
    { type: 'phase', t: 0, phase: evil, edge: 'start' },
    { type: 'fault', t: 0, fault: evil, edge: 'bite', detail: evil },
    { type: 'transition', t: 0, sequence: 1, upstream: evil, from: 'closed', to: 'open', cause: evil },
  ]
  for (const event of events) view.show(event)
  return text
}

function written(write: () => void): string {
  let text = ''
  const take = (part: string | Uint8Array): boolean => {
    text += String(part)
    return true
  }
  vi.spyOn(process.stdout, 'write').mockImplementation(take)
  vi.spyOn(process.stderr, 'write').mockImplementation(take)
  write()
  vi.restoreAllMocks()
  return text
}

afterEach(() => vi.restoreAllMocks())

describe.each(hostile)('%s', (_, evil) => {
  it('controls nothing, wherever it is shown', () => {
    for (const [place, text] of Object.entries(shownEverywhere(evil))) {
      expect(text, place).not.toMatch(/(?![\t\n])\p{Cc}|[\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069\uFFFE\uFFFF]/u)
      expect(text.isWellFormed(), place).toBe(true)
      // A page is opened in a browser, which no CI system listens to.
      if (place === 'html') continue
      expect(text, place).not.toMatch(/^\s*::[a-z]/im)
      expect(text, place).not.toMatch(/##\[|##vso\[/i)
    }
  })

  it('begins no line of its own on a terminal, but in a message of several lines', () => {
    const { summary = '', progress: lines = '' } = shownEverywhere(evil)
    expect(`${summary}${lines}`).not.toMatch(/^(?:PASS|b$|::)/m)
  })

  it('leaves XML and JSON what they are', () => {
    const { junit = '', json = '' } = shownEverywhere(evil)
    expect(() => create(junit)).not.toThrow()
    expect(JSON.parse(json)).toEqual({ why: evil })
  })
})

it.each(['::1 and [::]:8474', '::ffff:127.0.0.1', 'std::vector', 'C++ ## heading', 'a:: b', 'ünïcode 漢字 🙂'])(
  'leaves %s as it is',
  (text) => {
    expect(plainLines(text)).toBe(text)
    expect(plainJson(text)).toBe(JSON.stringify(text))
  },
)

it('cuts no word', () => {
  const words = 'alpha bravo charlie delta echo foxtrot '.repeat(30).trim()
  for (let longest = 20; longest < 120; longest++) {
    const kept = oneLine(words, longest).replace(/…$/, '')
    expect(words.startsWith(kept)).toBe(true)
    expect(words.charAt(kept.length)).toBe(' ')
  }
})
