import { ok } from '../../answer.ts';
import { admin, type Routes } from '../../call.ts';

export const qosSpecRoutes: Routes = {
  'GET qos-specs': admin('volume_extension:qos_specs_manage:get_all', (call) =>
    ok({ qos_specs: call.state.blockStorage.qosSpecs.values() }),
  ),
};
