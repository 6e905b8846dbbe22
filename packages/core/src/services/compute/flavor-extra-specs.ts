import { z } from 'zod';
import { operation, resource } from '../../record/operation.ts';
import { args } from '../../record/shape.ts';

/** Texts by name: `hw:cpu_policy`, `resources:VGPU`, `trait:HW_CPU_X86_AVX2`, … */
const ExtraSpecs = z.record(z.string(), z.string());
const GivenSpecs = z.record(z.string(), z.union([z.string(), z.number()]));

const OfFlavor = args({ flavor_id: z.string() });
const OneKey = args({ flavor_id: z.string(), key: z.string() });

/** Requirements of one flavor on the scheduler and the hypervisor. Changes touch new and resized servers only. */
export const flavorExtraSpecs = resource({
  name: 'flavorExtraSpecs',
  operations: {
    /** Show all specs of the flavor. */
    get: operation({
      verb: 'GET',
      path: 'flavors/{flavor_id}/os-extra_specs',
      receive: 'extra_specs',
      input: OfFlavor,
      output: ExtraSpecs,
    }),
    /** Set these keys and leave the others. From 2.86 on known keys with wrong values are a 400. */
    merge: operation({
      verb: 'POST',
      path: 'flavors/{flavor_id}/os-extra_specs',
      receive: 'extra_specs',
      input: args({ flavor_id: z.string(), extra_specs: GivenSpecs }),
      output: GivenSpecs,
      idempotent: true,
    }),
    /** Show one key, as `{ [key]: value }`. 404 if it is not set. */
    getKey: operation({
      verb: 'GET',
      path: 'flavors/{flavor_id}/os-extra_specs/{key}',
      input: OneKey,
      output: ExtraSpecs,
    }),
    /** Set one key: `extra_spec` holds it and nothing else. */
    setKey: operation({
      verb: 'PUT',
      path: 'flavors/{flavor_id}/os-extra_specs/{key}',
      body: 'extra_spec',
      input: args({ flavor_id: z.string(), key: z.string(), extra_spec: GivenSpecs }),
      output: GivenSpecs,
    }),
    /** Delete one key. */
    delete: operation({
      verb: 'DELETE',
      path: 'flavors/{flavor_id}/os-extra_specs/{key}',
      input: OneKey,
      status: 200,
    }),
  },
});
