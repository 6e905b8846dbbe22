import type { Observed } from '@groundcrew/core';
import type { HaSnapshot } from '../observe.ts';

/** The observation of one target; its value is `undefined`, with the gaps, if nothing was seen. */
export type Seen<Value> = Observed<Value | undefined>;

/** The heartbeats of workers that the APIs of Nova, Cinder and Neutron report. */
export type Heartbeats = Pick<HaSnapshot, 'compute' | 'blockStorage' | 'network'>;
