import type { Provider } from './state.ts';

/**
 * Tells whether a provider has the traits that a query requires, and none that it forbids:
 * `HW_CPU_X86_VMX,!COMPUTE_STATUS_DISABLED`.
 */
export const hasTraits = (provider: Provider, required: readonly string[]): boolean =>
  required
    .flatMap((traits) => traits.split(','))
    .filter((trait) => trait !== '')
    .every((trait) =>
      trait.startsWith('!') ? !provider.traits.includes(trait.slice(1)) : provider.traits.includes(trait),
    );
