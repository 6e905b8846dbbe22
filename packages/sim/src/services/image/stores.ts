import { ok } from '../../answer.ts';
import { admin, type Routes } from '../../call.ts';

export const storeRoutes: Routes = {
  'GET info/stores': (call) => (call.token, ok({ stores: [{ id: 'ceph', default: 'true' }] })),
  'GET info/stores/detail': admin('stores_info_detail', () =>
    ok({ stores: [{ id: 'ceph', default: 'true', type: 'rbd', properties: {} }] }),
  ),
};
