import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { RunRecord } from '../../src/run/bundle/record.ts'
import { calibrationIn } from '../../src/simulation/calibration/calibration-file.ts'
import { defaultCalibration } from '../../src/simulation/calibration/calibration.ts'
import { start } from './gatecrash.ts'

const QUICK = 'test/end-to-end/scenarios/quick-outage.ts'

it('calibrate measures this machine, and a simulated run takes what it leaves', async () => {
  await using calibrate = await start(['calibrate'])
  const measuring = await calibrate.ended
  expect(measuring.code, measuring.stderr).toBe(0)
  // The connections of a quiet run are all made before it is quiet.
  const defaults = measuring.stdout.split('\n').filter((line) => line.includes('not measured'))
  expect(defaults).toEqual([expect.stringMatching(/^a connection to be made/)])
  const file = join(calibrate.out, 'calibration.json')
  const calibration = calibrationIn(await readFile(file, 'utf8'), file)
  expect(calibration).not.toEqual(defaultCalibration)

  await using run = await start(['run', QUICK, '--simulate', '--calibration', file])
  const { code, stderr } = await run.ended
  expect(code, stderr).toBe(0)
  const record = JSON.parse(await readFile(join(await run.bundle('quick-outage'), 'run.json'), 'utf8')) as RunRecord
  expect(record.simulated?.calibration).toEqual(calibration)
  expect(record.measured).toBeUndefined()
  expect(record.command).toContain(`--simulate --calibration ${file}`)
})
