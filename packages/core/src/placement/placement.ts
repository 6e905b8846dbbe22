import { z } from 'zod';
import { operation, resource, service } from '../operation.ts';
import { answer, args } from '../shape.ts';

const resourceProviders = resource({
  name: 'resourceProviders',
  operations: {
    list: operation({ verb: 'GET', path: 'resource_providers', receive: 'resource_providers', page: 'none', input: args({ name: z.string().optional() }), output: answer({ uuid: z.string(), name: z.string() }) }),
  },
});

export const placement = service({ name: 'placement', type: 'placement', major: 'v1.0', microversion: { floor: '1.0', name: 'placement' }, resources: { resourceProviders } });
