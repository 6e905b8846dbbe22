import type { MetricList } from '../metric-list.ts';

export interface ProjectName {
  readonly id: string;
  readonly name: string;
}

/** All projects; of a user who may not list them, the one that the token is of. */
export const projects: MetricList<ProjectName> = {
  name: 'projects',
  what: 'projects',
  service: 'identity',
  open: ({ identity }, options) => identity.projects.list({}, options),
  own: {
    isCall: false,
    open: async function* (_cloud, _options, token) {
      const { id, name } = token?.project ?? {};
      if (id !== undefined) yield { id, name: name ?? '' };
    },
  },
};
