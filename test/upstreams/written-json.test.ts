import { expect, it } from 'vitest'
import { type BodySum, bodySum } from '../../src/contract/body-checksum.ts'
import { bytesIn } from '../../src/contract/piece.ts'
import { healthyPlan } from '../../src/faults/answer-plan.ts'
import { answerWith } from '../../src/upstreams/answering/answer.ts'
import { asSent } from './answering/as-sent.ts'
import { BLANK, jsonForm, type WrittenJson, writtenJson } from '../../src/upstreams/written-json.ts'

const sumOf = ({ length, checksum }: WrittenJson): BodySum => ({ length, checksum })

it('goes out as the JSON that it was written from, and says so', () => {
  const value = { text: 'Zürich', list: [1, null] }
  const [written, made] = [writtenJson(value), value].map((body) => asSent(answerWith({ body }, healthyPlan(), false)))
  expect(written).toEqual(made)
})

it('measures its own bytes', () => {
  const json = writtenJson({ text: 'Zürich' })
  expect(sumOf(json)).toEqual(bodySum([json.bytes]))
})

it('fills a form in where its blank is', () => {
  const form = jsonForm({ before: 'ü', id: BLANK, after: [1] })
  expect(form('r-1').bytes.toString()).toBe('{"before":"ü","id":"r-1","after":[1]}')
  expect(sumOf(form('r-2'))).toEqual(bodySum([writtenJson({ before: 'ü', id: 'r-2', after: [1] }).bytes]))
})

it('refuses to measure a form that is filled in with more than ASCII: its length would be another', () => {
  expect(() => jsonForm([BLANK])('ü').checksum).toThrow('must be ASCII, not "ü"')
})

it('refuses a form with no blank, or with two', () => {
  expect(() => jsonForm({ id: 'r-1' })).toThrow('a form has one blank, not 0')
  expect(() => jsonForm([BLANK, BLANK])).toThrow('a form has one blank, not 2')
})

it('stays as it is when a fault alters what goes out, even one that does so in place', () => {
  const json = writtenJson({ a: 1 })
  const spoilt = answerWith({ body: json }, { ...healthyPlan(), alter: [(piece) => piece.fill('x')] }, false)
  expect(spoilt.is === 'sent' && [spoilt.whole, String(bytesIn(spoilt.pieces[0]!))]).toEqual([false, 'xxxxxxx'])
  expect(String(json.bytes)).toBe('{"a":1}')
})

it('is not the body of an answer to HEAD, which has its length', () => {
  const answer = answerWith({ body: writtenJson([1]) }, healthyPlan(), true)
  expect(answer).toMatchObject({ headers: { 'content-length': '3' }, pieces: [], json: undefined })
})
