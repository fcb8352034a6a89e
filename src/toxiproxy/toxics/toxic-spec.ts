// A toxic as Toxiproxy's API knows it. Attributes are integers; units are those of Toxiproxy 2.12.

export type ToxicStream = 'upstream' | 'downstream'

export type ToxicSpec =
  | { type: 'latency'; attributes: { latency: number; jitter?: number } }
  | { type: 'bandwidth'; attributes: { rate: number } }
  | { type: 'slow_close'; attributes: { delay: number } }
  | { type: 'timeout'; attributes: { timeout: number } }
  | { type: 'reset_peer'; attributes: { timeout: number } }
  | { type: 'slicer'; attributes: { average_size: number; size_variation?: number; delay?: number } }
  | { type: 'limit_data'; attributes: { bytes: number } }

/** Toxics of the embedded server alone; on any other they are refused before anything is sent. */
export type ExtendedToxicSpec =
  | { type: 'jitter'; attributes: { latency: number; jitter: number; distribution?: 'normal' | 'pareto' | 'log_normal' | 'uniform' } }
  | { type: 'packet_loss'; attributes: { loss_rate: number; correlation?: number } }
  | { type: 'shared_bandwidth'; attributes: { rate: number } }
  | { type: 'limit_time'; attributes: { time: number } }
  | { type: 'fail_first'; attributes: { connections: number } }

/** A network fault: one toxic on one direction, or the proxy switched off (`down`: connections are refused). */
export type NetworkFault = { is: 'toxic'; toxic: ToxicSpec | ExtendedToxicSpec; stream: ToxicStream; toxicity: number } | { is: 'down' }
