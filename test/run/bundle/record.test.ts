import { describe, expect, it } from 'vitest'
import { parseRunRecord } from '../../../src/run/bundle/record.ts'
import { stableJson } from '../../../src/run/bundle/stable-json.ts'
import { record } from '../../report/reference-run.ts'

describe('run.json', () => {
  it('is read back as it was written, byte for byte', () => {
    const text = stableJson(record)
    expect(text.endsWith('}\n')).toBe(true)
    expect(stableJson(parseRunRecord(text, 'run.json'))).toBe(text)
  })

  it('keeps keys in the order given', () => {
    expect(stableJson({ b: 1, a: { d: 2, c: 3 } })).toBe('{\n  "b": 1,\n  "a": {\n    "d": 2,\n    "c": 3\n  }\n}\n')
  })

  it.each([
    ['no JSON', '{"schemaVersion":'],
    ['nothing', ''],
    ['a plan of another version', stableJson({ ...record, plan: { ...record.plan, schemaVersion: 1 } })],
    ['a plan without load', stableJson({ ...record, plan: { ...record.plan, load: undefined } })],
    ['a plan without phases', stableJson({ ...record, plan: { ...record.plan, phases: [] } })],
    ['an unknown criterion', stableJson({ ...record, plan: { ...record.plan, criteria: [{ id: 'C1', criterion: { kind: 'luck' } }] } })],
    ['a missing field', stableJson({ ...record, command: undefined })],
  ])('is refused with its place when it holds %s', (_, text) => {
    expect(() => parseRunRecord(text, 'reports/x/run.json')).toThrow(
      /^reports\/x\/run\.json: .*expected the run\.json of a run by this version/,
    )
  })

  it('of another version is refused in one sentence that names who wrote it', () => {
    const text = stableJson({ ...record, schemaVersion: 1, tool: { ...record.tool, version: '0.1.0' } })
    expect(() => parseRunRecord(text, 'reports/x/run.json')).toThrow(
      /^reports\/x\/run\.json was written by gatecrash 0\.1\.0 \(schema 1; this version reads 2\): run the scenario again$/,
    )
  })
})
