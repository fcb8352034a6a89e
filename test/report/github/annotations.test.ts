import { describe, expect, it } from 'vitest'
import { annotationCommands } from '../../../src/report/github/annotations.ts'
import type { Series } from '../../../src/run/series.ts'
import { judged, series, unbegun, unplayed } from '../series.ts'
import { failing, passed, passing, tooFew, tooSlow, undecided, verdict, warned } from '../verdicts.ts'

const workspace = { root: '/repo', workingDirectory: '/repo' }
const commands = (...all: Series[]): string[] => annotationCommands(all, workspace)

/** As the runner reads a line (actions/runner:src/Runner.Common/ActionCommand.cs): the first `::` after the properties ends them. */
function read(line: string): { level: string; properties: Record<string, string>; message: string } {
  const [, level = '', list = '', message = ''] = /^::(\w+) ?(.*?)::(.*)$/s.exec(line) ?? []
  const back = (text: string): string =>
    text.replaceAll('%0D', '\r').replaceAll('%0A', '\n').replaceAll('%3A', ':').replaceAll('%2C', ',').replaceAll('%25', '%')
  const properties = list
    .split(',')
    .map((pair): [string, string] => [pair.slice(0, pair.indexOf('=')), back(pair.slice(pair.indexOf('=') + 1))])
  return { level, properties: Object.fromEntries(properties), message: back(message) }
}

describe('annotations', () => {
  it('stand at the line of each criterion that did not pass: an error for a failure, a warning for doubt', () => {
    const [first, second, ...others] = commands(series('gemini-outage', judged(failing))).map(read)
    expect(others).toEqual([])
    expect(first).toMatchObject({
      level: 'error',
      properties: { file: 'scenarios/gemini-outage.ts', line: '31', title: 'gemini-outage C1' },
    })
    expect(second).toMatchObject({ level: 'warning', properties: { line: '36', title: 'gemini-outage C6' } })
  })

  it('say why, what was demanded and measured, and what to do', () => {
    const remedied = verdict([{ ...tooFew, remedy: 'judge 4 runs together' }, ...passed])
    const [{ message } = read('')] = commands(series('gemini-outage', judged(remedied))).map(read)
    expect(message.split('\n')).toEqual([
      '214 samples cannot bound a p99: measured 281 ms, but it may be up to 340 ms',
      'Demanded: p99 of gemini during recovery is below 300 ms',
      'Measured 281 ms, bound < 300 ms, margin +6.3 %',
      'Remedy: judge 4 runs together',
    ])
  })

  it('warn of what only warns, and say nothing of a pass', () => {
    expect(commands(series('gemini-outage', judged(warned))).map(read)).toMatchObject([
      { level: 'warning', properties: { title: 'gemini-outage C1 (warning)' } },
    ])
    expect(commands(series('gemini-outage', judged(passing)), series('left', unbegun))).toEqual([])
  })

  it('warn where a run that did not pass may not be believed', () => {
    const titles = commands(series('gemini-outage', judged(undecided))).map((line) => read(line).properties['title'])
    expect(titles).toEqual(['gemini-outage C6', 'gemini-outage: checks of the run that did not hold'])
  })

  it('tell a scenario that could not be played', () => {
    expect(commands(series('steady', unplayed())).map(read)).toMatchObject([
      { level: 'error', properties: { title: 'steady could not be played' }, message: 'port 9201 is taken' },
    ])
  })

  it('are at most ten of a level, of which the last says how many more there are', () => {
    const many = verdict([
      ...Array.from({ length: 30 }, (_, at) => ({ ...tooSlow, id: `C${at + 1}` })),
      ...Array.from({ length: 10 }, (_, at) => ({ ...tooFew, id: `C${at + 31}` })),
    ])
    const lines = commands(series('gemini-outage', judged(many))).map(read)
    const ofLevel = (level: string) => lines.filter((line) => line.level === level)
    expect(ofLevel('error')).toHaveLength(10)
    expect(ofLevel('error').at(-1)?.message).toMatch(/^21 more/)
    expect(ofLevel('warning')).toHaveLength(10)
    expect(ofLevel('warning').at(-1)?.message).toMatch(/^1 more/)
    const nine = verdict(Array.from({ length: 9 }, (_, at) => ({ ...tooSlow, id: `C${at + 1}` })))
    expect(commands(series('gemini-outage', judged(nine)))).toHaveLength(9)
  })

  it('come once for a criterion of repeats: a failure of one run is a failure', () => {
    const runs = [judged(passing), judged(verdict([{ ...tooSlow, id: 'C4' }])), judged(passing)]
    const repeats: Series = { ...series('gemini-outage', ...runs), together: { verdict: passing, path: 'p' } }
    const lines = commands(repeats).map(read)
    expect(lines).toMatchObject([{ level: 'error', properties: { title: 'gemini-outage C4' } }])
    expect(lines[0]?.message).toContain('In 1 of 3 runs.')
  })

  it('leave out what repeats decide together', () => {
    const runs = [judged(verdict([tooFew])), judged(verdict([tooFew]))]
    const together = (result: 'pass' | 'inconclusive'): Series => ({
      ...series('gemini-outage', ...runs),
      together: { verdict: verdict([{ ...tooFew, result, why: 'together' }]), path: 'p' },
    })
    expect(commands(together('pass'))).toEqual([])
    expect(commands(together('inconclusive')).map(read)).toMatchObject([
      { level: 'warning', message: expect.stringMatching(/^together\nIn 2 of 2 runs\./) as string },
    ])
  })

  it('name files from the root of the repository, and none that lies outside of it', () => {
    const from = (workingDirectory: string, file: string) => {
      const said = verdict([{ ...tooSlow, source: { file, line: 3 } }])
      return annotationCommands([series('x', judged(said))], { root: '/repo', workingDirectory }).map(
        (line) => read(line).properties['file'],
      )
    }
    expect(from('/repo/packages/edge', 'scenarios/x.ts')).toEqual(['packages/edge/scenarios/x.ts'])
    expect(from('/repo', '/repo/scenarios/x.ts')).toEqual(['scenarios/x.ts'])
    expect(from('/repo', '/elsewhere/x.ts')).toEqual([undefined])
    expect(from('/repo/packages', '../../x.ts')).toEqual([undefined])
    const placeless = { ...tooSlow }
    delete placeless.source
    expect(commands(series('x', judged(verdict([placeless])))).map((line) => Object.keys(read(line).properties))).toEqual([['title']])
  })
})

describe('hostile text in annotations', () => {
  it.each([
    ['line breaks and commands', 'a\n::error::owned\r\n::stop-commands::x'],
    ['the end of properties', 'a::b,line=1,file=/etc/passwd'],
    ['escapes', 'a%0A::warning::owned%25%3A'],
    ['controls', 'a\u001B[2J\u0085\u2028::error::b'],
  ])('stays where it is: %s', (_, evil) => {
    const finding = { ...tooSlow, id: evil, sentence: evil, why: evil, remedy: evil, source: { file: evil, line: 31 } }
    const check = { ...undecided.validity.at(-1)!, sentence: evil, remedy: evil }
    const lines = commands(series(evil, judged(verdict([finding], [check])), unplayed(evil)))
    expect(lines).toHaveLength(3)
    for (const line of lines) {
      expect(line).not.toMatch(/\p{Cc}|\u2028/u)
      const { level, properties } = read(line)
      expect(['error', 'warning']).toContain(level)
      for (const name of Object.keys(properties)) expect(['file', 'line', 'title']).toContain(name)
      expect(properties['line'] ?? '31').toBe('31')
    }
  })
})
