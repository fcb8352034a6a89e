// A calibration on disk, for `--calibration`: what `calibrate` has measured, or the run.json of a live run.
//
//   {"schemaVersion":1,"host":"AMD EPYC, 2 cores","measured":{"calibration":{"late":[0.01,…],…},"samples":{"late":4012,…}}}
import * as z from 'zod'
import { GatecrashError, type Problem, problemsError } from '../../kernel/errors.ts'
import { check } from '../../kernel/validation.ts'
import { type Calibration, calibrationSchema } from './calibration.ts'
import type { MeasuredCalibration } from './meter.ts'

export interface CalibrationFile {
  schemaVersion: 1
  /** The machine that was measured. */
  host: string
  measured: MeasuredCalibration
}

const shape = z.looseObject({ measured: z.looseObject({ calibration: calibrationSchema }) })

const REMEDY = 'give a file that `gatecrash calibrate` wrote, or the run.json of a live run of the reference gateway'

/**
 * `place` names the file in errors.
 * @throws GatecrashError `invalid_config` for a text that holds no calibration
 */
export function calibrationIn(text: string, place: string): Calibration {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new GatecrashError('invalid_config', `${place} is not JSON: ${(cause as Error).message}; ${REMEDY}`, { cause })
  }
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'measured'))
    throw new GatecrashError('invalid_config', `${place} holds nothing measured; ${REMEDY}`)
  const problems: Problem[] = []
  const file = check(shape, value, '', problems)
  if (!file) throw problemsError('invalid_config', place, [...problems, { path: 'remedy', message: REMEDY }])
  return file.measured.calibration
}
