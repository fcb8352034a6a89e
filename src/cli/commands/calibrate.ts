// `gatecrash calibrate`: measures what this machine adds to the times of a run, for the simulated stage.
import { mkdir, writeFile } from 'node:fs/promises'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { count, span } from '../../kernel/wording.ts'
import { shownPath } from '../../run/bundle/bundle.ts'
import { type Calibration, legs, spanAt } from '../../simulation/calibration/calibration.ts'
import type { CalibrationFile } from '../../simulation/calibration/calibration-file.ts'
import type { MeasuredCalibration } from '../../simulation/calibration/meter.ts'
import type { ExitCode } from '../exit-codes.ts'
import { addFlags } from '../flags/add-flags.ts'
import { type SomeValues, allValues } from '../flags/flags.ts'
import { watchForInterruption } from '../interruption.ts'
import { measureCalibration } from '../machine/calibrate.ts'
import { print, say } from '../say.ts'

export function calibrateCommand(exit: (code: ExitCode) => void): Command {
  const command = new Command('calibrate').description(
    'Measure what this machine adds to the times of a run, and keep it for `run --simulate --calibration FILE` and `tune`.',
  )
  return addFlags(command, 'calibrate').action(async (values: SomeValues) => {
    const { out } = allValues(values)
    say('playing live for about 20 seconds; let nothing else run')
    using interruption = watchForInterruption((what) => say(`\n${what}: ending what was started…`))
    const measured = await measureCalibration(interruption.signal)
    if (interruption.exitCode !== undefined) return exit(interruption.exitCode)
    print(measuredLines(measured).join('\n'))
    print(`calibration  ${await keep(out, measured)}`)
    exit(0)
  })
}

async function keep(out: string, measured: MeasuredCalibration): Promise<string> {
  const processors = cpus()
  const file: CalibrationFile = { schemaVersion: 1, host: `${processors[0]?.model ?? 'unknown'}, ${processors.length} cores`, measured }
  const path = join(out, 'calibration.json')
  await mkdir(out, { recursive: true })
  await writeFile(path, `${JSON.stringify(file, null, 2)}\n`)
  return shownPath(path)
}

const words: Readonly<Record<keyof Calibration, string>> = {
  late: 'from due to sent',
  toGateway: 'to the gateway, and through it',
  toUpstream: 'to the upstream',
  timer: 'an answer later than planned',
  fromUpstream: 'from the upstream',
  toClient: 'to the client',
  connect: 'a connection to be made',
  fault: 'a fault to act or to end',
  gatewayWork: 'processor time for a request',
}

function measuredLines({ calibration, samples }: MeasuredCalibration): string[] {
  const by = (name: keyof Calibration, unit: string): string =>
    samples[name] === 0 ? 'not measured: the default' : `by ${count(samples[name])} ${unit}`
  const line = (name: keyof Calibration, ...cells: string[]): string =>
    `${words[name].padEnd(31)}  ${cells.map((cell) => cell.padStart(10)).join('')}  `
  return [
    `${''.padEnd(31)}  ${['median', '95 %', '99 %'].map((cell) => cell.padStart(10)).join('')}`,
    ...legs.map((leg) => line(leg, ...[0.5, 0.95, 0.99].map((share) => span(spanAt(calibration[leg], share)))) + by(leg, 'spans')),
    line('gatewayWork', span(calibration.gatewayWork), '', '') + by('gatewayWork', 'seconds'),
  ]
}
