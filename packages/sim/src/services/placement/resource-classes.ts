import { created, noContent, ok } from '../../answer.ts';
import type { Routes } from '../../call.ts';
import { conflict } from '../../fault.ts';
import { type Json, record, text } from '../../wire.ts';
import { requireKnownName } from './require-known-name.ts';
import { adminRule } from './admin-rule.ts';

export const resourceClassRoutes: Routes = {
  'GET resource_classes': adminRule('resource_classes:list', (call) =>
    ok({ resource_classes: [...call.state.placement.classes].map((name) => resourceClassView(name)) }),
  ),
  'POST resource_classes': adminRule('resource_classes:create', (call) => {
    const name = text(record(call.body)['name']) ?? '';
    if (call.state.placement.classes.has(name))
      throw conflict(`Conflicting resource class already exists: ${name}`);
    call.state.placement.classes.add(name);
    return created(undefined, { Location: `${call.base}/resource_classes/${name}` });
  }),
  'GET resource_classes/{name}': adminRule('resource_classes:show', (call) =>
    ok(resourceClassView(requireKnownName(call, 'classes', 'resource class'))),
  ),
  'PUT resource_classes/{name}': adminRule('resource_classes:update', (call) => {
    const isNew = !call.state.placement.classes.has(call.param('name'));
    call.state.placement.classes.add(call.param('name'));
    return isNew ? { status: 201 } : noContent;
  }),
  'DELETE resource_classes/{name}': adminRule('resource_classes:delete', (call) => {
    call.state.placement.classes.delete(requireKnownName(call, 'classes', 'resource class'));
    return noContent;
  }),
};
const resourceClassView = (name: string): Json => ({
  name,
  links: [{ rel: 'self', href: `/placement/resource_classes/${name}` }],
});
