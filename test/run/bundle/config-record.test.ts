import { expect, it } from 'vitest'
import { configRecord } from '../../../src/run/bundle/config-record.ts'

it('records what the config said, without secrets', () => {
  const setup = {
    folder: '/home/me/shop',
    env: { ORDERS: '{upstreams.orders.url}', API_KEY: 'abc' },
    files: { 'a.conf': '/home/me/shop/a.template' },
  }
  const record = configRecord({
    source: 'gatecrash.config.ts',
    gateway: { setup, headers: {}, readyPath: '/up' },
    system: {
      source: 'gatecrash.config.ts',
      upstreams: { orders: { name: 'orders', module: '/m.ts', export: 'orders' } },
      routes: [],
      ratePerSecond: 50,
    },
    flags: { toxiproxy: 'https://user:secret@host', listen: ['a=1', 'b=2'] },
  })
  expect(record).toEqual({
    file: 'gatecrash.config.ts',
    gateway: {
      env: { ORDERS: '{upstreams.orders.url}', API_KEY: '***' },
      files: { 'a.conf': '/home/me/shop/a.template' },
      readyPath: '/up',
    },
    upstreams: ['orders'],
    ratePerSecond: 50,
    flags: { toxiproxy: 'https://***@host', listen: 'a=1,b=2' },
  })
})
