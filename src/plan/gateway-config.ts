// What a gateway finds in the file that GATEWAY_CONFIG names: the settings that the plan assumes, as the reference gateway reads them.
import type { Plan, PlannedGateway } from './plan.ts'

/** What is only believed of a gateway is not among its settings. */
export function gatewayConfig({ gateway, seed }: Pick<Plan, 'gateway' | 'seed'>): Omit<PlannedGateway, 'expects'> & { seed: number } {
  const { expects: _believed, ...settings } = gateway
  return { ...settings, seed }
}

/** Whether the gateway's services keep their work in Redis, as its settings say. */
export function keepsInRedis({ server }: PlannedGateway): boolean {
  const store: unknown = server?.['store']
  return typeof store === 'object' && store !== null && 'kind' in store && store.kind === 'redis'
}
