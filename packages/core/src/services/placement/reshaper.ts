import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { args, changes } from '../../record/shape.ts';
import { Consumers28, Consumers34, Consumers38 } from './given-allocations.ts';
import { GivenInventories } from './inventories.ts';

/** Inventories and allocations of several providers, changed at once. */
export const reshaper = resource({
  name: 'reshaper',
  operations: {
    /**
     * Set inventories of providers, and allocations of consumers, all or none: how resources move from one provider
     * to another while they are in use. Only for services, unless the cloud's policy says otherwise.
     */
    reshape: operation({
      verb: 'POST',
      path: 'reshaper',
      since: '1.30',
      status: 204,
      input: args({
        /** By provider. */
        inventories: z.record(z.string(), GivenInventories),
        /** By consumer: everybody who has something of these providers, or is to have. */
        allocations: changes(['1.30', Consumers28], ['1.34', Consumers34], ['1.38', Consumers38]),
      }),
    }),
  },
});
