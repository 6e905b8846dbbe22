import type { Cloud } from '@groundcrew/core';
import { NOVA } from './cloud-view.ts';
import { whyNotTold } from './down-cell.ts';

/** nova-compute of one host, as Nova sees it now. */
export interface ComputeService {
  readonly id: string;
  /** `false` also while that is not known: see `unknown`. */
  readonly up: boolean;
  /** The reason why Nova does not tell: its cell does not respond, or its row has no state. */
  readonly unknown: string | undefined;
  readonly enabled: boolean;
  readonly forcedDown: boolean;
  readonly disabledReason: string | undefined;
  /** Milliseconds since 1970. */
  readonly heartbeat: number | undefined;
}

/** `undefined` if the host has none. */
export async function computeService(
  cloud: Cloud,
  host: string,
  signal: AbortSignal,
): Promise<ComputeService | undefined> {
  const listed = cloud.compute.at(NOVA).services.list({ host, binary: 'nova-compute' }, { signal });
  for await (const service of listed)
    return {
      id: service.id,
      up: service.state === 'up',
      unknown: whyNotTold(service),
      enabled: service.status === 'enabled',
      // Missing only of one of which Nova does not tell: `unknown`.
      forcedDown: service.forced_down ?? false,
      disabledReason: service.disabled_reason ?? undefined,
      heartbeat:
        service.updated_at === undefined || service.updated_at === null
          ? undefined
          : Date.parse(service.updated_at),
    };
  return undefined;
}
