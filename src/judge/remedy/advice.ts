// What to do about each cause of not knowing, whatever the run. A run's own remedy is a command that can be typed (see remedies.ts).
import type { Untold } from '../../criteria/finding/cause.ts'

export const advice: Record<Untold | 'contradiction', string> = {
  contradiction:
    'Mark fallbacks with x-gateway-fallback, answer errors with a status from 400 on, or leave the events aside: `--observe traffic`.',
  incomplete: 'Run it again, and let it finish.',
  phase_not_reached: 'Run it again, and let it finish; in CI, give the job more time.',
  fault_never_bit: 'Send requests to that upstream in the phase of the fault.',
  fault_not_cleared: 'Run it again, and see in the journal what kept the fault on.',
  load_not_delivered: 'Lower the rate (`--rate`), or use a larger machine.',
  attempts_unseen:
    'Let the gateway pass x-request-id on and speak HTTP/1.1 to the upstream, use the embedded Toxiproxy, or use faults of requests in place of faults of the network.',
  no_breaker_events: 'Let the gateway offer its event stream without gaps, or use `--observe traffic`.',
  partly_open: 'Start the gateway with one worker, or let its workers share their breakers.',
  harness_unhealthy: 'Measure the rate that this machine can send (`doctor`), and stay below it (`--rate`); or use a quieter machine.',
  no_samples: 'Put a route, a fault or a request into the scenario that shows it.',
  too_few_samples: 'Judge several runs together (`--repeat`), or lengthen the phase, or raise the rate.',
}
