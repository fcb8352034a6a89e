import { readFileSync, readdirSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { causes } from '../../../src/criteria/finding/cause.ts'
import { criteria } from '../../../src/criteria/criteria.ts'
import { checks } from '../../../src/judge/validity/validity.ts'
import { entries } from '../../../src/report/reference/entries.ts'
import { explain, explainable } from '../../../src/report/reference/explain.ts'
import { renderReference } from '../../../src/report/reference/page.ts'
import { serviceTypes } from '../../../src/gateway/services/services.ts'
import { claims, claimTypes } from '../../../src/scenario/claims/claims.ts'
import type { WrittenClaim } from '../../../src/scenario/claims/claim.ts'
import { settingDocs } from '../../../src/scenario/settings/setting-docs.ts'

describe('the reference', () => {
  it('is the page that the tables make: npm run reference', () => {
    expect(readFileSync('.github/docs/reference.md', 'utf8')).toBe(renderReference())
  })

  it('says of every setting what it is: the comment above its field', () => {
    const all = settingDocs()
    expect(all.length).toBeGreaterThan(70)
    expect(all.filter(({ says }) => says === undefined).map(({ path }) => path)).toEqual([])
    // Those of every service that has any, also of what a list holds.
    const withSettings = Object.keys(serviceTypes).filter((name) => name !== 'status')
    expect(withSettings.filter((name) => !all.some(({ path }) => path.startsWith(`services.${name}.`)))).toEqual([])
    expect(all.find(({ path }) => path === 'services.chain.steps[].fails')).toMatchObject({
      says: expect.stringContaining('best_effort') as string,
    })
    expect(all.find(({ path }) => path === '<upstream>.breaker.recovery')).toMatchObject({
      fallback: '60s',
      says: expect.stringContaining('first probe') as string,
    })
  })

  it('tells of every criterion, check and cause', () => {
    const of = (family: string): string[] => entries().flatMap((entry) => (entry.family === family ? [entry.name] : []))
    expect(of('criterion')).toEqual(Object.keys(criteria))
    expect(of('check')).toEqual(checks.map(({ name }) => name))
    expect(of('cause')).toEqual(Object.keys(causes))
  })

  it.each(claimTypes)('has the claim $kind written as its doc says: $doc.written', ({ kind, doc, build }) => {
    // oxlint-disable-next-line no-implied-eval, no-new-func -- what the page shows is what is run
    const write = new Function('claims', `return claims.${doc.written}`) as (given: typeof claims) => WrittenClaim
    expect(write(claims).claim.kind).toBe(kind)
    expect(doc.standsFor).toMatch(/^[A-Z].*\.$/)
    expect(Object.keys(build)).toEqual([doc.written.slice(0, doc.written.indexOf('('))])
    expect(explain(doc.written.slice(0, doc.written.indexOf('(')))).toBe(explain(kind))
  })

  it('knows every id that a check of a run gives', () => {
    const folder = 'src/judge/validity'
    const ids = readdirSync(folder).flatMap((file) =>
      [...readFileSync(`${folder}/${file}`, 'utf8').matchAll(/^ +id: ['`]([a-z_]+)[:'`]/gm)].map(([, id]) => id!),
    )
    expect(ids.length).toBeGreaterThan(10)
    expect(ids.toSorted()).toEqual([...checks.map(({ name }) => name), 'contradictions'].toSorted())
  })
})

describe('explain', () => {
  it('says of a criterion what it demands, over what, what counts, how many it takes, and when it is undecided', () => {
    const text = explain('p95')
    expect(text).toMatch(/^latency \(criterion\)\n {2}written {7}p95\(\)\.during/)
    for (const label of ['demands', 'window', 'counts', 'samples', 'inconclusive', 'fails as'])
      expect(text).toMatch(new RegExp(`^  ${label} `, 'm'))
    expect(text.split('\n').filter((line) => line.length > 100)).toEqual([])
  })

  it('takes the name in run.json, and that of the function that writes it', () => {
    expect(explain('opens_within')).toBe(explain('opensWithin'))
    expect(explain('faults.status')).toBe(explain('status'))
  })

  it('tells of all that a function begins, and of all faults of a name', () => {
    expect(explain('breaker').match(/\(criterion\)$/gm)?.length).toBeGreaterThan(5)
    expect(explain('disconnect').match(/\(fault\)$/gm)).toHaveLength(2)
    // A latency is measured, made by a fake, and made by a network.
    expect(explain('latency').match(/\((criterion|fault)\)$/gm)).toEqual(['(criterion)', '(fault)', '(fault)'])
  })

  it('takes the id of a check, whatever it is about', () => {
    expect(explain('fault_bit:F1')).toBe(explain('fault_bit'))
    expect(explain('fault_bit')).toMatch(/ {2}remedy +Send requests/)
  })

  it('says of a cause which criteria have it, and what to do about what is undecided', () => {
    expect(explain('too_slow')).toMatch(/ {2}of +latency/)
    expect(explain('too_few_samples')).toMatch(/ {2}remedy +Judge several runs together/)
  })

  it('says of a setting what it is and its default, of any upstream', () => {
    expect(explain('gemini.breaker.recovery')).toMatch(
      /^<upstream>\.breaker\.recovery \(setting\)\n {2}is .*first probe[^]* {2}default +60s$/,
    )
    expect(explain('breaker.recovery')).toBe(explain('<upstream>.breaker.recovery'))
    expect(explain('services.webhooks.base')).toMatch(/^services\.webhooks\.base \(setting\)\n {2}is +The first wait[^]* {2}default +1s$/)
    expect(() => explain('services.webhooks.bas')).toThrow('did you mean "services.webhooks.base"?')
    expect(explain('server.inFlight')).toMatch(/^server\.inFlight \(setting\)/)
    expect(() => explain('gemini.breaker.recovry')).toThrow('did you mean "breaker.recovery"?')
  })

  it('suggests the nearest name for one that nothing has', () => {
    expect(() => explain('breakr')).toThrow('nothing is called "breakr"; did you mean "breaker"? gatecrash explain lists all names')
    expect(() => explain('constructor')).toThrow('nothing is called "constructor"')
    expect(() => explain('')).toThrow('nothing is called ""')
  })

  it('lists what it can explain, and explains all that it lists', () => {
    const names = explainable()
      .split('\n')
      .flatMap((line) => (line.startsWith('  ') ? [line.trim()] : []))
    expect(names.length).toBeGreaterThan(100)
    for (const name of names)
      expect(explain(/^<|^server|^services/.test(name) ? name : name.replace(/^(?:faults\.|claims\.)?(\w+).*$/, '$1'))).toContain(name)
  })
})
