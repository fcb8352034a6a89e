// `gatecrash doctor`: is this machine fit for a run, and has a dead run left something on a shared Toxiproxy?
import { availableParallelism } from 'node:os'
import { Command } from 'commander'
import { type Ms, realClock } from '../../kernel/clock.ts'
import { GatecrashError } from '../../kernel/errors.ts'
import { count, span } from '../../kernel/wording.ts'
import { findProgram } from '../../toxiproxy/backends/binary.ts'
import { removeStaleProxies } from '../../toxiproxy/client/stale-proxies.ts'
import manifest from '../../../package.json' with { type: 'json' }
import type { ExitCode } from '../exit-codes.ts'
import { scenarioFiles } from '../../project/scenario-files.ts'
import { addFlags } from '../flags/add-flags.ts'
import { type SomeValues, allValues } from '../flags/flags.ts'
import { watchForInterruption } from '../interruption.ts'
import { measureMachine, slowestRate } from '../machine/measure.ts'
import { keepMeasured } from '../machine/record.ts'
import { untoldBy } from '../machine/system.ts'
import { print, say } from '../say.ts'

interface Check {
  name: string
  /** `no` is what a run cannot do without; `note` is worth knowing. */
  is: 'ok' | 'note' | 'no'
  text: string
}

export function doctorCommand(exit: (code: ExitCode) => void): Command {
  const command = new Command('doctor')
    .description(
      'Check what a run needs, measure which load this machine is fit for, and remove what dead runs left on a shared Toxiproxy.',
    )
    .option('--quick', 'measure nothing')
    .option('--toxiproxy <url>', 'a running server to look for leftovers on')
  return addFlags(command, 'doctor').action(
    async ({ toxiproxy, quick, ...values }: Pick<SomeValues, 'out'> & { toxiproxy?: string; quick?: true }) => {
      const checks = [checkNode(), checkSystem(), checkCores(), await checkTimers(), checkProgram(), checkScenarios()]
      if (toxiproxy !== undefined) checks.push(await checkStaleProxies(toxiproxy))
      if (!quick) {
        say('measuring this machine for about half a minute; --quick leaves it out')
        using interruption = watchForInterruption((what) => say(`\n${what}: ending what was started…`))
        checks.push(...(await checkMachine(allValues(values).out, interruption.signal)))
        if (interruption.exitCode !== undefined) return exit(interruption.exitCode)
      }
      const width = Math.max(...checks.map(({ name }) => name.length))
      for (const { name, is, text } of checks) print(`${is.padEnd(4)}  ${name.padEnd(width)}  ${text}`)
      exit(checks.some(({ is }) => is === 'no') ? 69 : 0)
    },
  )
}

function checkNode(): Check {
  const needed = Number(/\d+/.exec(manifest.engines.node)?.[0])
  const is = Number.parseInt(process.versions.node, 10) >= needed ? 'ok' : 'no'
  return {
    name: 'node',
    is,
    text: `${process.version}${is === 'ok' ? '' : `; ${needed} or newer is needed: start it through npm, which finds the project's own`}`,
  }
}

function checkSystem(): Check {
  const untold = untoldBy(process.platform)
  return { name: 'system', is: untold === undefined ? 'ok' : 'note', text: untold ?? 'tells all that a run asks' }
}

function checkCores(): Check {
  const cores = availableParallelism()
  const enough = cores >= 2
  return {
    name: 'cores',
    is: enough ? 'ok' : 'note',
    text: `${cores}${enough ? '' : '; verdicts may be inconclusive with fewer than two'}`,
  }
}

/** The whole harness at rising load, and a known delay. */
async function checkMachine(folder: string, signal: AbortSignal): Promise<Check[]> {
  const rate = 'clean rate'
  try {
    const measured = await measureMachine(signal)
    if (signal.aborted) return []
    await keepMeasured(folder, measured)
    const { cleanPerSecond, triedPerSecond, recoveredMs, injectedMs } = measured
    const advice =
      cleanPerSecond === 0
        ? `none: at every rate from ${count(slowestRate)}/s on the harness itself was slow; use a quieter machine`
        : `${cleanPerSecond === triedPerSecond ? 'at least ' : ''}${count(cleanPerSecond)}/s: keep \`load.rate\` at or below it on this machine`
    const isRecovered = recoveredMs !== null && Math.abs(recoveredMs - injectedMs) <= DELAY_ERROR
    return [
      { name: rate, is: cleanPerSecond === 0 ? 'note' : 'ok', text: advice },
      {
        name: 'known delay',
        is: isRecovered ? 'ok' : 'note',
        text: recoveredMs === null ? 'no request was answered' : `${span(injectedMs)} injected, ${span(recoveredMs)} measured`,
      },
    ]
  } catch (error) {
    if (!(error instanceof GatecrashError)) throw error
    return [{ name: rate, is: 'no', text: `not measured: ${error.message}` }]
  }
}

/** By which a delay that is known may be missed. */
const DELAY_ERROR: Ms = 10

const SAMPLES = 100
const STEP: Ms = 5
const LATE: Ms = 20

/** How late timers are now: the floor of every lateness that a run could measure. */
async function checkTimers(): Promise<Check> {
  const late: Ms[] = []
  for (let sample = 0; sample < SAMPLES; sample++) {
    const due = realClock.now() + STEP
    await realClock.sleep(STEP)
    late.push(realClock.now() - due)
  }
  const worst = late.toSorted((a, b) => a - b)[Math.floor(SAMPLES * 0.99)] ?? 0
  const fine = worst < LATE
  return {
    name: 'timers',
    is: fine ? 'ok' : 'note',
    text: `99 % at most ${span(worst)} late${fine ? '' : '; the machine is busy, and tight latency criteria may be inconclusive'}`,
  }
}

function checkProgram(): Check {
  const program = findProgram()
  return { name: 'toxiproxy-server', is: program ? 'ok' : 'note', text: program ?? 'not installed; the embedded one needs nothing' }
}

function checkScenarios(): Check {
  const files = scenarioFiles()
  const own = files.filter(({ of }) => of === 'project').length
  const brought = own === files.length ? '' : `; ${files.length - own} in the package`
  return {
    name: 'scenarios',
    is: own > 0 ? 'ok' : 'note',
    text: `${own > 0 ? `${own} in scenarios/` : `none in ${process.cwd()}/scenarios/`}${brought}`,
  }
}

async function checkStaleProxies(url: string): Promise<Check> {
  const name = 'leftovers'
  try {
    const removed = await removeStaleProxies(url)
    if (removed.length === 0) return { name, is: 'ok', text: `none on ${url}` }
    return { name, is: 'note', text: `removed ${removed.join(', ')} from ${url}` }
  } catch (error) {
    if (!(error instanceof GatecrashError)) throw error
    return { name, is: 'no', text: error.message }
  }
}
