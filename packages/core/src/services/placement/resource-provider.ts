import { z } from 'zod';
import { answer, type OutputAt, since } from '../../record/shape.ts';
import { Links } from './link.ts';

/** A source of resources: a compute host, a device in it, a shared storage, a pool of addresses. */
export const ResourceProvider = answer({
  uuid: z.string(),
  /** The name; for a compute host its hypervisor's name, `hypervisor_hostname` in Nova. */
  name: z.string(),
  /** Grows with every change of its inventory, traits, aggregates and allocations. */
  generation: z.number(),
  links: Links,
  /** The provider that it is a part of; null at the top. */
  parent_provider_uuid: since('1.14', z.string().nullable()),
  /** The top of its tree: itself, if it has no parent. */
  root_provider_uuid: since('1.14', z.string().nullable()),
});
export type ResourceProvider = OutputAt<typeof ResourceProvider>;
