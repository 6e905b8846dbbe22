import type { Routes } from '../../call.ts';
import { forbidden } from '../../fault.ts';
import { flag, text } from '../../wire.ts';
import { crud, nameOf } from './crud.ts';

export const domainRoutes: Routes = {
  ...crud({
    name: 'domain',
    plural: 'domains',
    store: (call) => call.state.identity.domains,
    make: (call, given) => {
      const domain = call.state.identity.addDomain(
        nameOf(given),
        undefined,
        text(given['description']) ?? '',
      );
      domain.enabled = flag(given['enabled']) ?? true;
      return domain;
    },
    filters: ['enabled'],
    uniqueName: true,
    isOwn: (call, domain) => call.token.project?.['domain_id'] === domain.id,
    looksUpFirst: ['update', 'delete'],
    onRemove: (_call, domain) => {
      if (domain.enabled) throw forbidden('Cannot delete a domain that is enabled, please disable it first.');
    },
  }),
};
