import { noContent, ok } from '../../answer.ts';
import type { Routes } from '../../call.ts';
import { badRequest } from '../../fault.ts';
import { requireKnownName } from './require-known-name.ts';
import { adminRule } from './admin-rule.ts';

export const traitRoutes: Routes = {
  'GET traits': adminRule('traits:list', (call) => {
    const name = call.query.get('name') ?? '';
    const all = [...call.state.placement.traits];
    if (name.startsWith('startswith:'))
      return ok({ traits: all.filter((trait) => trait.startsWith(name.slice(11))) });
    if (name.startsWith('in:'))
      return ok({ traits: all.filter((trait) => name.slice(3).split(',').includes(trait)) });
    return ok({ traits: all });
  }),
  'GET traits/{name}': adminRule('traits:show', (call) => {
    requireKnownName(call, 'traits', 'trait');
    return noContent;
  }),
  'PUT traits/{name}': adminRule('traits:update', (call) => {
    if (!call.param('name').startsWith('CUSTOM_'))
      throw badRequest(
        `The trait is invalid. A valid trait must be no longer than 255 characters, start with the prefix "CUSTOM_".`,
      );
    const isNew = !call.state.placement.traits.has(call.param('name'));
    call.state.placement.traits.add(call.param('name'));
    return isNew ? { status: 201 } : noContent;
  }),
  'DELETE traits/{name}': adminRule('traits:delete', (call) => {
    call.state.placement.traits.delete(requireKnownName(call, 'traits', 'trait'));
    return noContent;
  }),
};
