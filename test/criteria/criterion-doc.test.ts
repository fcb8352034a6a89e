import { expect, it } from 'vitest'
import { type CriterionKind, builders, criteria, criterionSchema, knownCriterion } from '../../src/criteria/criteria.ts'
import type { WrittenCriterion } from '../../src/criteria/writing/call-site.ts'
import { count } from '../../src/kernel/wording.ts'

const kinds = Object.keys(criteria) as CriterionKind[]

/** As a scenario would. */
function evaluated(written: string): WrittenCriterion {
  // oxlint-disable-next-line no-implied-eval, no-new-func -- what the page shows is what is run
  const write = new Function(...Object.keys(builders), `return ${written}`) as (...all: unknown[]) => WrittenCriterion
  return write(...Object.values(builders))
}

it.each(kinds)('%s is written as its doc says', (kind) => {
  const { criterion } = evaluated(criteria[kind].doc.written)
  expect(criterionSchema.parse(criterion).kind).toBe(kind)
})

it.each(kinds)('%s needs as many samples as its doc says', (kind) => {
  const { written, samples } = criteria[kind].doc
  const { needs } = knownCriterion(evaluated(written).criterion)
  expect(samples).toMatch(needs > 1 ? new RegExp(`\\b${count(needs)}\\b`) : /^(one|a few|a row|59|6) /)
})

it('has sentences that end', () => {
  const sentences = kinds.flatMap((kind) => [criteria[kind].doc.demands, criteria[kind].doc.counts, criteria[kind].doc.undecided])
  expect(sentences.length).toBeGreaterThan(100)
  expect(sentences.filter((sentence) => !/^[A-Z].*[^.]\.$/.test(sentence))).toEqual([])
})

it('names no window that its phases contradict', () => {
  const shared = kinds.filter((kind) => typeof criteria[kind].doc.over === 'string')
  expect(shared.length).toBeGreaterThan(20)
  const phasesOf = (kind: CriterionKind) => {
    const unnamed = criteria[kind].doc.written.replace(/\.during\([^)]*\)/, '')
    return knownCriterion(evaluated(unnamed).criterion).phases
  }
  expect(shared.filter((kind) => phasesOf(kind).length > 0)).toEqual([])
})
