import { ok } from '../../answer.ts';
import { admin, type Routes } from '../../call.ts';

export const cacheRoutes: Routes = {
  'GET cache': admin('cache_list', () => ok({ cached_images: [], queued_images: [] })),
};
