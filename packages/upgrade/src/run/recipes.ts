import type { Recipe } from './recipe.ts';
import { barbican } from './recipes/barbican.ts';
import { cinder } from './recipes/cinder.ts';
import { glance } from './recipes/glance.ts';
import { heat } from './recipes/heat.ts';
import { ironic } from './recipes/ironic.ts';
import { keystone } from './recipes/keystone.ts';
import { manila } from './recipes/manila.ts';
import { neutron } from './recipes/neutron.ts';
import { nova } from './recipes/nova.ts';
import { octavia } from './recipes/octavia.ts';
import { ovn } from './recipes/ovn.ts';
import { placement } from './recipes/placement.ts';
import { swift } from './recipes/swift.ts';

/**
 * In the order in which they are upgraded: whoever is asked goes before who asks. Placement before Nova, and Ironic before Nova, are
 * demanded by Nova's and Ironic's guides; the rest is what kolla-ansible and COU do.
 */
export const recipes: readonly Recipe[] = [
  keystone,
  barbican,
  swift,
  glance,
  placement,
  cinder,
  manila,
  ironic,
  nova,
  ovn,
  neutron,
  octavia,
  heat,
];

export const componentsOf = ({ control, data }: Recipe): readonly string[] => [
  ...control.flat(),
  ...data.flat(),
];

/** The service of a component. */
export const recipeOf = (component: string): Recipe | undefined =>
  recipes.find((recipe) => componentsOf(recipe).includes(component));
