import { expect, it } from 'vitest'
import type { GatewayChoice } from '../../../../src/plan/gateway-choice.ts'
import type { PlannedFault } from '../../../../src/plan/plan.ts'
import { refuseUnreachable } from '../../../../src/stage/live/faults/injection.ts'

const killed: PlannedFault = {
  id: 'F1',
  phase: 'down',
  startMs: 0,
  endMs: 1000,
  fault: { made: 'process', role: 'gateway', fault: { is: 'killed' } },
}

it.each<[string, GatewayChoice, string]>([
  ['a URL', { kind: 'url', url: 'http://127.0.0.1:1' }, 'given by its URL'],
  ['an image', { kind: 'command', command: 'docker run x', startsContainer: true }, 'given by its image'],
])('refuses a fault on the process of a gateway that is given by %s', (_, gateway, told) => {
  expect(() => refuseUnreachable({ faults: [killed], gateway: { upstreams: {} } }, gateway)).toThrow(told)
})

it('lets the process of a gateway be killed that is started here', () => {
  for (const gateway of [{ kind: 'reference' }, { kind: 'command', command: 'node server.js' }] satisfies GatewayChoice[])
    expect(() => refuseUnreachable({ faults: [killed], gateway: { upstreams: {} } }, gateway)).not.toThrow()
})

const cut: PlannedFault = { ...killed, fault: { made: 'network', role: 'redis', is: 'down' } }
const killedRedis: PlannedFault = { ...killed, fault: { made: 'process', role: 'redis', fault: { is: 'killed' } } }

it.each([['its process', killedRedis] as const, ['the network', cut] as const])(
  'refuses a fault on a Redis that the gateway does not have: of %s',
  (_, onRedis) => {
    const refuse = (server: Record<string, unknown>) => () =>
      refuseUnreachable({ faults: [onRedis], gateway: { upstreams: {}, server } }, { kind: 'reference' })
    expect(refuse({})).toThrow("F1 in down: the gateway has no Redis; give it one by server.store.kind: 'redis'")
    expect(refuse({ store: { kind: 'redis' } })).not.toThrow()
    const elsewhere = (): void =>
      refuseUnreachable(
        { faults: [onRedis], gateway: { upstreams: {}, server: { store: { kind: 'redis' } } } },
        { kind: 'url', url: 'http://127.0.0.1:1' },
      )
    expect(elsewhere).toThrow('the Redis of a gateway that is given by its URL is not ours to handle')
  },
)
