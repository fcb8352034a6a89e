import { expect, it } from 'vitest'
import { calibrationIn } from '../../../src/simulation/calibration/calibration-file.ts'
import { defaultCalibration } from '../../../src/simulation/calibration/calibration.ts'

const textOf = (calibration: unknown): string =>
  JSON.stringify({ schemaVersion: 1, host: 'a machine', measured: { calibration, samples: {} } })

it('reads what calibrate has written, and the run.json of a live run', () => {
  expect(calibrationIn(textOf(defaultCalibration), 'calibration.json')).toEqual(defaultCalibration)
  const record = JSON.stringify({ schemaVersion: 2, seed: 42, measured: { calibration: defaultCalibration, samples: { late: 2000 } } })
  expect(calibrationIn(record, 'run.json')).toEqual(defaultCalibration)
})

it('says what is wrong with a file, where, and what to give instead', () => {
  const remedy = 'give a file that `gatecrash calibrate` wrote, or the run.json of a live run of the reference gateway'
  expect(() => calibrationIn('{', 'x.json')).toThrow(/^x\.json is not JSON: .*; give a file that `gatecrash calibrate` wrote/)
  expect(() => calibrationIn('[]', 'x.json')).toThrow(`x.json holds nothing measured; ${remedy}`)
  expect(() => calibrationIn('null', 'x.json')).toThrow(`x.json holds nothing measured; ${remedy}`)
  expect(() => calibrationIn(textOf({ ...defaultCalibration, late: [1, 2], gatewayWork: -1, more: 1 }), 'x.json')).toThrow(
    /^x\.json: 4 problems\n {2}measured\.calibration\.late .*\n {2}measured\.calibration\.gatewayWork .*-1\n {2}measured\.calibration\.more .*\n {2}remedy +give a file/,
  )
  const falling = { ...defaultCalibration, late: defaultCalibration.late.toReversed() }
  expect(() => calibrationIn(textOf(falling), 'x.json')).toThrow(/measured\.calibration\.late +must not fall/)
})
