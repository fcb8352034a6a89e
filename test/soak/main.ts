// `npm run soak -- [10m] [seed]`: soaks the reference gateway for so long. Exit code 1 when something grew.
import { duration } from '../../src/cli/flags/parse.ts'
import { growth, leftOver } from './judge.ts'
import { soak } from './soak.ts'

const [, , time = '10m', seed = '1'] = process.argv
const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1)

const { clients, holdings } = await soak({
  forMs: duration(time),
  stepMs: 1000,
  seed: Number(seed),
  watch({ heap, buffers, rss, openFiles, inFlight, timeouts, bodyBytes }, count) {
    const memory = `heap ${megabytes(heap)} MB, buffers ${megabytes(buffers)} MB, rss ${megabytes(rss)} MB`
    console.log(
      `${count} clients: ${memory}, ${openFiles} open files, ${inFlight} in flight, ${timeouts} timeouts, ${bodyBytes} B of bodies`,
    )
  },
})
const problems = [...growth(holdings), ...leftOver(holdings)]
console.log(
  `${clients} clients in ${holdings.length} rounds, seed ${seed}: ${problems.length === 0 ? 'nothing grew' : problems.join('\n')}`,
)
if (problems.length > 0) process.exitCode = 1
