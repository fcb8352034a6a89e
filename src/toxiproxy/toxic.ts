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

/** A network fault: one toxic on one direction, or the proxy switched off (`down`: connections are refused). */
export type NetworkFault = { is: 'toxic'; toxic: ToxicSpec; stream: ToxicStream; toxicity: number } | { is: 'down' }
