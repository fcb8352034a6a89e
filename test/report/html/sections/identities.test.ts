// Who got whose answer, by route.
import { expect, it } from 'vitest'
import type { IdentityCell } from '../../../../src/evidence/tallies/identities.ts'
import { renderHtml } from '../../../../src/report/html/page.ts'
import { evidence, record } from '../../reference-run.ts'
import { failing } from '../../verdicts.ts'

const whole = evidence()
const cell: IdentityCell = {
  phase: 'steady',
  route: 'gemini.generateContent',
  identities: 2,
  own: 1200,
  kept: 30,
  foreign: 0,
  untold: 4,
  unbacked: 0,
  firstForeign: null,
}
const section = (identities: IdentityCell[]): string => {
  const html = renderHtml({ record, evidence: { ...whole, identities }, verdict: failing })
  return (/<section id="identities">.*?<\/section>/s.exec(html)?.[0] ?? '').replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ')
}

it('are summed by route over all phases, with the first answer that was sent to another', () => {
  const leaked = { ...cell, phase: 'outage', own: 300, foreign: 7, firstForeign: { request: 'r-9', atMs: 16_200, what: 'alice got it' } }
  const text = section([cell, leaked])
  expect(text).toContain('gemini.generateContent first at 16.20 s: r-9 2 1,500 60 7 8 0')
})

it('are left out where nobody is told from others', () => {
  expect(section([])).toBe('')
})
