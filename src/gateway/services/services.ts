// All services of the gateway, in one table. A new one is a folder beside this file, and its line here. The config reads the settings of
// each; its plugin is loaded when it is switched on.
import * as z from 'zod'
import type { Problem } from '../../kernel/errors.ts'
import { suggest } from '../../kernel/validation.ts'
import { alertsSettings } from './alerts/settings.ts'
import { healthSettings } from './health/settings.ts'
import { type ServiceType, serviceType } from './service.ts'
import { chainSettings } from './chain/settings.ts'
import { operationsSettings } from './operations/settings.ts'
import { quotasSettings } from './quotas/settings.ts'
import { statusSettings } from './status/settings.ts'
import { syncSettings } from './sync/settings.ts'
import { webhooksSettings } from './webhooks/settings.ts'

export const serviceTypes = {
  alerts: serviceType({
    settings: alertsSettings,
    segments: ['alerts'],
    load: async () => (await import('./alerts/alerts.ts')).alerts,
  }),
  health: serviceType({
    settings: healthSettings,
    segments: ['health'],
    load: async () => (await import('./health/health.ts')).health,
  }),
  status: serviceType({
    settings: statusSettings,
    segments: ['v1'],
    load: async () => (await import('./status/status.ts')).status,
  }),
  chain: serviceType({
    settings: chainSettings,
    segments: ['v1'],
    upstreamsIn: ({ steps }) => steps.map(({ upstream }, at) => ({ path: `steps[${at}].upstream`, upstream })),
    load: async () => (await import('./chain/chain.ts')).chain,
  }),
  operations: serviceType({
    settings: operationsSettings,
    segments: ['operations'],
    upstreamsIn: ({ work }) => (work === undefined ? [] : [{ path: 'work.upstream', upstream: work.upstream }]),
    load: async () => (await import('./operations/operations.ts')).operations,
  }),
  quotas: serviceType({
    settings: quotasSettings,
    segments: ['quotas'],
    needs: ({ operations }) => (operations === undefined ? [] : [{ path: 'operations', service: 'operations' }]),
    load: async () => (await import('./quotas/quotas.ts')).quotas,
  }),
  sync: serviceType({
    settings: syncSettings,
    segments: ['sync'],
    upstreamsIn: ({ upstream }) => [{ path: 'upstream', upstream }],
    load: async () => (await import('./sync/sync.ts')).sync,
  }),
  webhooks: serviceType({
    settings: webhooksSettings,
    segments: ['webhooks', 'webhook-cleanup'],
    upstreamsIn: ({ receiver, evidence }) => [
      { path: 'receiver', upstream: receiver },
      ...(evidence === undefined ? [] : [{ path: 'evidence', upstream: evidence }]),
    ],
    load: async () => (await import('./webhooks/webhooks.ts')).webhooks,
  }),
}

export type ServiceName = keyof typeof serviceTypes

type Sections = { [Name in ServiceName]: z.ZodOptional<(typeof serviceTypes)[Name]['settings']> }

const sections = Object.fromEntries(Object.entries(serviceTypes).map(([name, { settings }]) => [name, settings.optional()]))

/** The section `services`: what is not there is off. */
export const services = z.strictObject(sections as Sections) // Object.fromEntries forgets which name has which settings

export type Services = z.output<typeof services>
export type ServicesInput = z.input<typeof services>

/** What is wrong with services and upstreams of one gateway taken together; paths begin with a service's name. */
export function servicesProblems(settings: Services, upstreams: readonly string[]): Problem[] {
  const problems: Problem[] = []
  for (const [name, section] of Object.entries(settings)) {
    const type: ServiceType = serviceTypes[name as ServiceName] // checked by the schema
    for (const segment of type.segments)
      if (upstreams.includes(segment))
        problems.push({ path: name, message: `has addresses below /${segment}, which is an upstream's; rename the upstream` })
    for (const { path, upstream } of type.upstreamsIn?.(section) ?? [])
      if (!upstreams.includes(upstream))
        problems.push({
          path: `${name}.${path}`,
          message: `must be an upstream of this gateway, got "${upstream}"${suggest(upstream, upstreams)}`,
        })
    for (const { path, service } of type.needs?.(section) ?? [])
      if (!Object.hasOwn(settings, service))
        problems.push({
          path: `${name}.${path}`,
          message: `limits nothing without the service ${service}; switch it on in services.${service}`,
        })
  }
  return problems
}
