import { ok } from '../../answer.ts';
import type { Routes } from '../../call.ts';

export const qosRuleTypeRoutes: Routes = {
  'GET qos/rule-types': (call) => {
    void call.token;
    return ok({
      rule_types: ['bandwidth_limit', 'dscp_marking', 'minimum_bandwidth'].map((type) => ({ type })),
    });
  },
};
