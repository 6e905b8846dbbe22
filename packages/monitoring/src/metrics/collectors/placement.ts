import { collector, type DrawnSample } from '../collector.ts';
import { providerResources } from '../lists/placement.ts';
import { metric } from '../metric.ts';

interface Inventory {
  readonly total: number;
  readonly reserved: number;
  readonly allocation_ratio: number;
}

interface Answer {
  readonly of: { readonly name: string };
  readonly found: {
    readonly inventories: Readonly<Record<string, Inventory>>;
    readonly usages: Readonly<Record<string, number>>;
  };
}

/**
 * A value of each resource class that either answer has. Placement tells the usage of a class that nothing uses, as 0: one that
 * only one of the answers has makes a value that is not known.
 */
const eachClass = (
  { found }: Answer,
  sample: (type: string, inventory: Inventory | undefined, usage: number | undefined) => DrawnSample,
): readonly DrawnSample[] => {
  const types = new Set([...Object.keys(found.inventories), ...Object.keys(found.usages)]);
  return [...types].map((type) => sample(type, found.inventories[type], found.usages[type]));
};

/** A figure of an inventory, under openstack-exporter's name. */
const ofProvider = (name: string, help: string, field: keyof Inventory) => ({
  metric: metric({ name, help, labels: ['hostname', 'resourcetype'], peer: { name } }),
  by: 'each' as const,
  draw: (answer: Answer) =>
    eachClass(answer, (type, inventory) => [inventory?.[field], answer.of.name, type]),
});

export const placement = collector({
  name: 'placement',
  help: "Placement's inventories and usages: two calls for each resource provider.",
  lists: [providerResources],
  metrics: [
    {
      metric: metric({
        name: 'groundcrew_placement_capacity',
        help: 'What all resource providers together can give, by resource class: total without what is reserved, times the allocation ratio.',
        labels: ['resource_class'],
      }),
      draw: (answer) =>
        eachClass(answer, (type, inventory) => [
          inventory && (inventory.total - inventory.reserved) * inventory.allocation_ratio,
          type,
        ]),
    },
    {
      metric: metric({
        name: 'groundcrew_placement_used',
        help: 'What is allocated of all resource providers together, by resource class.',
        labels: ['resource_class'],
      }),
      draw: (answer) => eachClass(answer, (type, _inventory, usage) => [usage, type]),
    },
    ofProvider(
      'openstack_placement_resource_total',
      'What a resource provider has of a class, reserved or not.',
      'total',
    ),
    ofProvider(
      'openstack_placement_resource_reserved',
      'What a resource provider keeps back of a class.',
      'reserved',
    ),
    ofProvider(
      'openstack_placement_resource_allocation_ratio',
      'How many times a resource provider may give what it has of a class.',
      'allocation_ratio',
    ),
    {
      metric: metric({
        name: 'openstack_placement_resource_usage',
        help: 'What is allocated of a resource provider, by class.',
        labels: ['hostname', 'resourcetype'],
        peer: { name: 'openstack_placement_resource_usage' },
      }),
      by: 'each',
      draw: (answer) => eachClass(answer, (type, _inventory, usage) => [usage, answer.of.name, type]),
    },
  ],
});
