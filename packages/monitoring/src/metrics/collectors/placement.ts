import { collector } from '../collector.ts';
import { inventories, providerUsages } from '../lists/placement.ts';
import { metric } from '../metric.ts';

interface Inventory {
  readonly total: number;
  readonly reserved: number;
  readonly allocation_ratio: number;
}

type Answer = {
  readonly of: { readonly name: string };
  readonly found: object;
};

const inventoriesIn = ({ found }: Answer): (readonly [string, Inventory])[] =>
  'inventories' in found ? Object.entries(found.inventories as Readonly<Record<string, Inventory>>) : [];
const usagesIn = ({ found }: Answer): (readonly [string, number])[] =>
  'usages' in found ? Object.entries(found.usages as Readonly<Record<string, number>>) : [];

const capacityOf = ({ total, reserved, allocation_ratio }: Inventory): number =>
  (total - reserved) * allocation_ratio;

const ofProvider = (name: string, help: string, value: (inventory: Inventory) => number) => ({
  metric: metric({ name, help, labels: ['hostname', 'resourcetype'], peer: { name } }),
  by: 'each' as const,
  draw: (answer: Answer) =>
    inventoriesIn(answer).map(([type, inventory]) => [value(inventory), answer.of.name, type] as const),
});

export const placement = collector({
  name: 'placement',
  help: "Placement's inventories and usages: two calls for each resource provider.",
  lists: [inventories, providerUsages],
  metrics: [
    {
      metric: metric({
        name: 'groundcrew_placement_capacity',
        help: 'What all resource providers together can give, by resource class: total without what is reserved, times the allocation ratio.',
        labels: ['resource_class'],
      }),
      draw: (answer) =>
        inventoriesIn(answer).map(([type, inventory]) => [capacityOf(inventory), type] as const),
    },
    {
      metric: metric({
        name: 'groundcrew_placement_used',
        help: 'What is allocated of all resource providers together, by resource class.',
        labels: ['resource_class'],
      }),
      draw: (answer) => usagesIn(answer).map(([type, amount]) => [amount, type] as const),
    },
    ofProvider(
      'openstack_placement_resource_total',
      'What a resource provider has of a class, reserved or not.',
      ({ total }) => total,
    ),
    ofProvider(
      'openstack_placement_resource_reserved',
      'What a resource provider keeps back of a class.',
      ({ reserved }) => reserved,
    ),
    ofProvider(
      'openstack_placement_resource_allocation_ratio',
      'How many times a resource provider may give what it has of a class.',
      ({ allocation_ratio }) => allocation_ratio,
    ),
    {
      metric: metric({
        name: 'openstack_placement_resource_usage',
        help: 'What is allocated of a resource provider, by class.',
        labels: ['hostname', 'resourcetype'],
        peer: { name: 'openstack_placement_resource_usage' },
      }),
      by: 'each',
      draw: (answer) => usagesIn(answer).map(([type, amount]) => [amount, answer.of.name, type] as const),
    },
  ],
});
