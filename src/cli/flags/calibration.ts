// `--calibration`: the machine that the simulated stage simulates.
import { readFileSync } from 'node:fs'
import { GatecrashError } from '../../kernel/errors.ts'
import type { Calibration } from '../../simulation/calibration/calibration.ts'
import { calibrationIn } from '../../simulation/calibration/calibration-file.ts'
import { defineFlag } from './flag.ts'

export interface GivenCalibration {
  file: string
  calibration: Calibration
}

export const calibration = defineFlag<GivenCalibration | undefined>({
  flag: '--calibration <file>',
  text: 'simulate the machine that `calibrate` has measured, or the one of a live run by its run.json; else one that ships',
  commands: ['run', 'tune'],
  parse: (file) => ({ file, calibration: calibrationIn(textOf(file), file) }),
  default: undefined,
  repeat: 'changed',
  write: (value) => (value === undefined ? [] : [value.file]),
  *check(value, { simulated }) {
    if (value !== undefined && !simulated)
      yield new GatecrashError('usage', `--calibration ${value.file}: a live run has a machine of its own; add --simulate, or leave it out`)
  },
})

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new GatecrashError(
      'invalid_config',
      `--calibration ${file}: cannot be read (${(cause as Error).message}); name a file that is there`,
    )
  }
}
