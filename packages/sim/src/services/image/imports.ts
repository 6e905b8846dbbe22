import { ok } from '../../answer.ts';
import type { Routes } from '../../call.ts';
import { badRequest, conflict } from '../../fault.ts';
import { record, text } from '../../wire.ts';
import { findImage, findOwnImage } from './image.ts';

export const importRoutes: Routes = {
  'POST images/{id}/import': (call) => {
    // The status is checked before the owner.
    const { status } = findImage(call);
    if (status === 'active' && record(record(call.body)['method'])['name'] !== 'copy-image')
      throw conflict(`Image with status ${status} cannot be target for import`);
    const image = findOwnImage(call);
    const method = text(record(record(call.body)['method'])['name']) ?? '';
    const { clock, settings } = call.state;
    if (method === 'glance-direct' && image.staged === undefined) {
      throw conflict('Image status transition from queued to importing is not allowed');
    }
    if (!['glance-direct', 'web-download', 'copy-image'].includes(method))
      throw badRequest(`Unknown import method name '${method}'.`);
    if (method !== 'copy-image') image.status = 'importing';
    clock.after(settings.timing.image, () => {
      if (image.status !== 'importing') return;
      if (image.staged !== undefined) call.state.image.activate(image, image.staged);
      else call.state.image.fill(image, Buffer.from(`imported ${image.id}`));
      image.staged = undefined;
    });
    return { status: 202 };
  },
  'GET info/import': (call) => {
    void call.token;
    const value = ['glance-direct', 'web-download', 'copy-image'];
    return ok({ 'import-methods': { description: 'Import methods available.', type: 'array', value } });
  },
};
