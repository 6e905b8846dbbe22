import type { SimState } from '../../sim-state.ts';
import type { ComputeService } from './state.ts';

const DISABLED = 'COMPUTE_STATUS_DISABLED';

/**
 * Has the host's provider say whether its compute service is disabled, as nova-compute does when it is told, and when it starts.
 * One that is down is not told (nova `compute/api.py`, `_update_compute_provider_status`).
 */
export function syncDisabledTrait(state: SimState, service: ComputeService): void {
  const { compute, placement } = state;
  if (service.binary !== 'nova-compute') return;
  const hypervisor = compute.hypervisors.find(({ host }) => host === service.host);
  const provider = hypervisor === undefined ? undefined : placement.providers.get(hypervisor.id);
  if (provider === undefined || provider.traits.includes(DISABLED) === service.disabled) return;
  provider.traits = service.disabled
    ? [...provider.traits, DISABLED]
    : provider.traits.filter((trait) => trait !== DISABLED);
  provider.generation += 1;
}
